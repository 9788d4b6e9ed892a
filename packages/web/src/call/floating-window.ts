declare global {
  /** Document Picture-in-Picture: Chromium since 116, top-level pages only. */
  var documentPictureInPicture:
    | { requestWindow(options: { width: number; height: number }): Promise<Window>; readonly window: Window | null }
    | undefined;
}

export const canFloatWindow = (): boolean => globalThis.documentPictureInPicture !== undefined && window.top === window;

const size = { width: 380, height: 300 };

/** A small window over all others, with the looks of this page and nothing in it. Call it in a click. */
export async function openFloatingWindow(): Promise<Window> {
  const opened = await globalThis.documentPictureInPicture?.requestWindow(size);
  if (opened === undefined) throw new Error('this browser floats no windows');
  const { document: own } = window;
  const { head } = opened.document;
  for (const sheet of own.querySelectorAll<HTMLLinkElement | HTMLStyleElement>('link[rel="stylesheet"], style')) {
    const copy = opened.document.importNode(sheet, true);
    // The new document has an address of its own.
    if ('href' in copy && 'href' in sheet) copy.href = sheet.href;
    head.append(copy);
  }
  return opened;
}

/** Gives a floating window the title, the language and the theme of this page. */
export function dress(opened: Window, title: string): void {
  const { documentElement } = opened.document;
  const { lang, dataset } = window.document.documentElement;
  opened.document.title = title;
  documentElement.lang = lang;
  documentElement.dataset['theme'] = dataset['theme'] ?? 'auto';
}
