/** `<potluck-room>`: a call in a page of somebody else. Built as `embed.js`, which needs nothing else. */
import { eventOf } from './event-of.ts';
import type { EmbedCommand, Envelope } from './messages.ts';

/** Where this script came from is where the calls are. */
const home = new URL(import.meta.url).origin;
const allowed = ['camera', 'microphone', 'display-capture', 'fullscreen', 'autoplay', 'screen-wake-lock', 'picture-in-picture']; // prettier-ignore

/**
 * Attributes: `room` (needed), `name` (joins at once), `token`, `server` (default: the origin of this script). Events:
 * `ready`, `joined`, `ended`, `participants`, `microphone`, `camera`; their facts are in `detail`.
 */
class PotluckRoom extends HTMLElement {
  static readonly observedAttributes = ['room', 'name', 'token', 'server'];
  #frame: HTMLIFrameElement | undefined;

  connectedCallback(): void {
    window.addEventListener('message', this.#heard);
    this.#show();
  }

  disconnectedCallback(): void {
    window.removeEventListener('message', this.#heard);
    this.#frame?.remove();
    this.#frame = undefined;
  }

  attributeChangedCallback(): void {
    if (this.#frame !== undefined) this.#show();
  }

  /** Presses "Join now" in the preview. */
  join(): void {
    this.#say({ command: 'join' });
  }

  leave(): void {
    this.#say({ command: 'leave' });
  }

  setMicrophone(on: boolean): void {
    this.#say({ command: 'microphone', on });
  }

  setCamera(on: boolean): void {
    this.#say({ command: 'camera', on });
  }

  get #server(): string {
    return new URL(this.getAttribute('server') ?? home).origin;
  }

  #show(): void {
    const room = this.getAttribute('room') ?? '';
    if (room === '') return;
    const address = new URL(`/r/${encodeURIComponent(room)}`, this.#server);
    address.searchParams.set('embed', window.location.origin);
    const name = this.getAttribute('name');
    const token = this.getAttribute('token');
    if (name !== null) address.searchParams.set('displayName', name);
    if (token !== null) address.hash = new URLSearchParams({ token }).toString();
    if (this.#frame === undefined) {
      if (this.style.display === '') this.style.display = 'block';
      this.#frame = document.createElement('iframe');
      this.#frame.title = `Potluck: ${room}`;
      this.#frame.style.cssText = 'border:0;width:100%;height:100%;min-height:320px;display:block';
    }
    this.#frame.allow = allowed.map((feature) => `${feature} ${this.#server}`).join('; ');
    this.#frame.src = address.href;
    if (!this.#frame.isConnected) this.append(this.#frame);
  }

  #say(command: EmbedCommand): void {
    this.#frame?.contentWindow?.postMessage({ potluck: command } satisfies Envelope<EmbedCommand>, this.#server);
  }

  readonly #heard = ({ origin, source, data }: MessageEvent): void => {
    if (source !== this.#frame?.contentWindow || origin !== this.#server) return;
    const heard = eventOf(data);
    if (heard !== undefined) this.dispatchEvent(new CustomEvent(heard.event, { detail: heard.detail }));
  };
}

if (customElements.get('potluck-room') === undefined) customElements.define('potluck-room', PotluckRoom);
