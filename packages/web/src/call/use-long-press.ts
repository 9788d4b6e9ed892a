import { useRef, type PointerEvent } from 'react';

const longPressMs = 450;
const wobblePx = 12;

/** Handlers for an element that a finger can hold down: fires while it is still down, not when it was a swipe. */
export function useLongPress(onLongPress: () => void) {
  const held = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | undefined>(undefined);
  const release = () => {
    clearTimeout(held.current?.timer);
    held.current = undefined;
  };
  return {
    onPointerDown(event: PointerEvent) {
      if (event.pointerType === 'mouse') return;
      release();
      held.current = { timer: setTimeout(onLongPress, longPressMs), x: event.clientX, y: event.clientY };
    },
    onPointerMove(event: PointerEvent) {
      const from = held.current;
      if (from !== undefined && Math.hypot(event.clientX - from.x, event.clientY - from.y) > wobblePx) release();
    },
    onPointerUp: release,
    onPointerCancel: release,
    onPointerLeave: release,
  };
}
