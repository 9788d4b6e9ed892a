/** Resolves when the page has loaded and come to rest: what a browser takes to compile a page is no part of a way to join. */
export const loaded = (): Promise<void> =>
  new Promise((resolve) => addEventListener('load', () => setTimeout(resolve, 200)));
