import { useEffect, useState } from 'react';
import { copyText } from './actions.ts';

/** Copies a text on demand and says for two seconds that it is copied. */
export function useCopied(text: string): [copied: boolean, copy: () => void] {
  const [copiedAt, setCopiedAt] = useState<number>();
  useEffect(() => {
    if (copiedAt === undefined) return undefined;
    const timer = setTimeout(() => setCopiedAt(undefined), 2000);
    return () => clearTimeout(timer);
  }, [copiedAt]);
  const copy = () => {
    copyText(text).then(
      () => setCopiedAt(Date.now()),
      () => setCopiedAt(undefined),
    );
  };
  return [copiedAt !== undefined, copy];
}
