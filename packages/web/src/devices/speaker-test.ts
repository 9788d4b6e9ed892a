/** Three soft notes through the chosen speaker. */
export async function playTestSound(speakerId: string | undefined): Promise<void> {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const notes = [523.25, 659.25, 783.99];
  notes.forEach((frequency, index) => {
    const start = context.currentTime + 0.05 + index * 0.22;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    tone.type = 'triangle';
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.25, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.5);
    tone.connect(volume).connect(out);
    tone.start(start);
    tone.stop(start + 0.5);
    if (index === notes.length - 1) tone.onended = () => void context.close();
  });
  const player = new Audio();
  player.srcObject = out.stream;
  await sendToSpeaker(player, speakerId);
  await player.play();
}

/** Sends an element's sound to a speaker, where the browser can choose; a speaker that is gone means the default one. */
export async function sendToSpeaker(element: HTMLMediaElement, speakerId: string | undefined): Promise<void> {
  if (!('setSinkId' in element)) return;
  try {
    await element.setSinkId(speakerId ?? '');
  } catch {
    await element.setSinkId('').catch(() => {});
  }
}
