import { MonitorUp } from 'lucide-react';
import { useCallback, useState } from 'react';
import type { Tile } from '../grid/tiles.ts';
import { Picture } from '../ui/picture.tsx';
import { Plate } from '../ui/plate-view.tsx';

/** What moves in a tile; whose it is until the first frame is there. */
export function TilePicture({ tile, track, mirrored }: { tile: Tile; track: MediaStreamTrack; mirrored: boolean }) {
  const [seen, setSeen] = useState(false);
  const see = useCallback(() => setSeen(true), []);
  return (
    <>
      <Picture
        track={track}
        mirrored={mirrored}
        fit={tile.kind === 'screen' ? 'contain' : 'cover'}
        onFirstFrame={see}
      />
      {!seen && <TilePlate tile={tile} />}
    </>
  );
}

/** Stands for a picture that is not there. */
export function TilePlate({ tile }: { tile: Tile }) {
  return (
    <div className="tile-plate">
      {tile.kind === 'person' ? (
        <Plate name={tile.name} id={tile.peerId} />
      ) : (
        <MonitorUp size={48} aria-hidden="true" />
      )}
    </div>
  );
}
