/** Speaks to everybody, whatever is open. */
const always = '[data-live-announcer], script, style';

/** Hides everything else of the page from screen readers; what comes later stays. Returns how to show it again. */
export function hideOutside(shown: HTMLElement): () => void {
  const hidden = [...document.body.children].filter(
    (one) => !one.contains(shown) && !one.matches(always) && !one.hasAttribute('aria-hidden'),
  );
  for (const one of hidden) one.setAttribute('aria-hidden', 'true');
  return () => {
    for (const one of hidden) one.removeAttribute('aria-hidden');
  };
}
