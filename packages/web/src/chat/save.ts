/** Long enough for any browser to have begun. */
const revokeAfterMs = 60_000;

/** Saves what somebody sent. As plain bytes: no browser opens it by its type. */
export function saveAs(blob: Blob, name: string): void {
  const url = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), revokeAfterMs);
}
