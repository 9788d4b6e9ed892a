import type { Banned, PeerId, Permission, Role, Source } from '@potluck/protocol';
import type { Session } from './session.ts';

/**
 * What hosts and co-hosts may do to others and to the room. Every verb resolves when the server has done it and rejects
 * with `forbidden` without the right (`state.me.permissions`), `not_found` for somebody who is not there.
 */
export class Moderation {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Mutes a microphone, or stops a camera or screen. Only its owner can begin again. */
  async mute(peerId: PeerId, source: Source): Promise<void> {
    await this.#session.call('muteParticipant', { peerId, source });
  }

  async askToUnmute(peerId: PeerId, source: Source): Promise<void> {
    await this.#session.call('askToUnmute', { peerId, source });
  }

  /** Puts somebody out, who may come back. */
  async kick(peerId: PeerId): Promise<void> {
    await this.#session.call('kick', { peerId });
  }

  /** Puts somebody out for as long as the room lasts. */
  async ban(peerId: PeerId): Promise<void> {
    await this.#session.call('ban', { peerId });
  }

  /** Who was put out for as long as the room lasts, in that order. */
  async bans(): Promise<readonly Banned[]> {
    return (await this.#session.call('listBans', {})).banned;
  }

  /** Somebody who was put out may come again. Rejects with `not_found` when another has lifted the ban already. */
  async liftBan(peerId: PeerId): Promise<void> {
    await this.#session.call('liftBan', { peerId });
  }

  /** A locked room lets nobody in without an invitation. */
  async setLocked(locked: boolean): Promise<void> {
    await this.#session.call('setLocked', { locked });
  }

  /** 1 to 200 characters; without an argument newcomers need none any more. */
  async setPassword(password?: string): Promise<void> {
    await this.#session.call('setPassword', password === undefined ? {} : { password });
  }

  /** Lets somebody of `state.lobby` in. */
  async admit(peerId: string): Promise<void> {
    await this.#session.call('admitWaiting', { peerId });
  }

  async deny(peerId: string): Promise<void> {
    await this.#session.call('denyWaiting', { peerId });
  }

  async setRole(peerId: PeerId, role: Role): Promise<void> {
    await this.#session.call('setRole', { peerId, role });
  }

  /** Gives or takes one right. What runs on it ends at once. */
  async setPermission(peerId: PeerId, permission: Permission, allowed: boolean): Promise<void> {
    await this.#session.call('setPermission', { peerId, permission, allowed });
  }

  /** Ends the meeting for everyone. */
  async endForAll(): Promise<void> {
    await this.#session.call('endRoom', {});
  }
}
