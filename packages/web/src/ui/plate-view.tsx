import { glazeOf, initialsOf } from './plate.ts';
import './plate.css';

/** A person without a picture: a plate, seen from above, with the initials on it. */
export function Plate({ name, id }: { name: string; id: string }) {
  return (
    <span className="plate" data-glaze={glazeOf(id)} aria-hidden="true">
      <span>{initialsOf(name)}</span>
    </span>
  );
}
