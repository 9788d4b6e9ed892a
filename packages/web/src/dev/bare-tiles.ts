import { movingTracks } from './fake-frames.ts';

/** As many moving pictures as a call has, and nothing else: what the browser itself costs. Its button does as little as one can. */
export function showBareTiles(people: number): void {
  const columns = Math.ceil(Math.sqrt(people));
  const button = Object.assign(document.createElement('button'), { textContent: 'Off' });
  button.dataset['testid'] = 'bare';
  button.addEventListener('click', () => (button.textContent = button.textContent === 'Off' ? 'On' : 'Off'));
  const table = document.createElement('div');
  table.style.cssText = `position: fixed; inset: 0 0 80px; display: grid; gap: 8px; grid-template: repeat(${Math.ceil(people / columns)}, minmax(0, 1fr)) / repeat(${columns}, minmax(0, 1fr))`;
  button.style.cssText = 'position: fixed; bottom: 20px; left: 50%';
  for (const track of movingTracks(people, 15)) {
    const video = Object.assign(document.createElement('video'), { muted: true, srcObject: new MediaStream([track]) });
    video.style.cssText = 'width: 100%; height: 100%; object-fit: cover; border-radius: 14px';
    table.append(video);
    video.play().catch(() => {});
  }
  document.body.append(table, button);
}
