import { Hand, MicOff, MonitorUp, Pin, PinOff, WifiOff } from 'lucide-react';
import { memo } from 'react';
import type { Tile } from '../grid/tiles.ts';
import { useText } from '../i18n/text.tsx';
import { IconButton } from '../ui/button.tsx';
import { Picture } from '../ui/picture.tsx';
import { Plate } from '../ui/plate-view.tsx';
import { useCall, useRoom, useUi } from './context.tsx';
import { QualityMark } from './quality-mark.tsx';
import { ReactionFloat } from './reaction-float.tsx';
import { useLongPress } from './use-long-press.ts';
import { tileName } from './tile-name.ts';
import './tile.css';

type TileViewProps = {
  tile: Tile;
  left: number;
  top: number;
  width: number;
  height: number;
  mirrored: boolean;
  floating: boolean;
};

/** One picture with its name and marks. */
export const TileView = memo(function TileView({ tile, left, top, width, height, mirrored, floating }: TileViewProps) {
  const texts = useText();
  const { actions } = useCall();
  const pinned = useUi().pinned.includes(tile.key);
  const speaking = useRoom(
    (state) =>
      tile.kind === 'person' && tile.silent === false && state.speaking.some(({ peerId }) => peerId === tile.peerId),
  );
  const name = tileName(tile, texts);
  const small = width < 170;
  const pin = () => actions.togglePin(tile.key);
  const touch = useLongPress(pin);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- short ways to what the pin button and the menu of people do
    <div
      {...touch}
      onDoubleClick={pin}
      role="listitem"
      className="tile"
      aria-label={name}
      data-testid="tile"
      data-peer={tile.peerId}
      data-kind={tile.kind}
      data-self={tile.self || undefined}
      data-picture={tile.picture}
      data-speaking={speaking || undefined}
      data-floating={floating || undefined}
      data-reconnecting={tile.reconnecting || undefined}
      data-small={small || undefined}
      style={{ width, height, transform: `translate(${left}px, ${top}px)` }}
    >
      {tile.track !== undefined && tile.picture === 'on' ? (
        <Picture track={tile.track} mirrored={mirrored} fit={tile.kind === 'screen' ? 'contain' : 'cover'} />
      ) : (
        <div className="tile-plate">
          {tile.kind === 'person' ? (
            <Plate name={tile.name} id={tile.peerId} />
          ) : (
            <MonitorUp size={48} aria-hidden="true" />
          )}
        </div>
      )}
      {tile.reconnecting && (
        <p className="tile-state">
          <WifiOff size={16} aria-hidden="true" />
          {!small && texts.tile.reconnecting}
        </p>
      )}
      <footer className="tile-foot">
        <span className="tile-name">
          {tile.kind === 'screen' && <MonitorUp size={14} aria-hidden="true" />}
          {tile.silent === true && (
            <MicOff size={14} className="tile-muted" role="img" aria-label={texts.tile.muted} aria-hidden={false} />
          )}
          {speaking && <SpeakingMark label={texts.tile.speaking} />}
          <span>{name}</span>
        </span>
        {tile.picture === 'on' && <QualityMark tile={tile} height={height} />}
        {tile.handRaisedAt !== undefined && (
          <span className="tile-hand" role="img" aria-label={texts.tile.hand}>
            <Hand size={16} aria-hidden="true" />
          </span>
        )}
      </footer>
      {!floating && !small && (
        <div className="tile-tools" data-shown={pinned || undefined}>
          <IconButton
            label={pinned ? texts.tile.unpin : texts.tile.pin}
            icon={pinned ? <PinOff size={18} /> : <Pin size={18} />}
            onPress={pin}
            testId="pin"
          />
        </div>
      )}
      {tile.kind === 'person' && <ReactionFloat peerId={tile.peerId} />}
    </div>
  );
}, sameProps);

/** Tiles are made anew with every change of the room; one whose values are the same is not drawn again. */
function sameProps(before: TileViewProps, after: TileViewProps): boolean {
  return (
    sameValues({ ...before, tile: undefined }, { ...after, tile: undefined }) && sameValues(before.tile, after.tile)
  );
}

function sameValues(before: object, after: object): boolean {
  const values = new Map(Object.entries(before));
  return Object.entries(after).every(([key, value]) => Object.is(values.get(key), value));
}

function SpeakingMark({ label }: { label: string }) {
  return (
    <span className="speaking-mark" role="img" aria-label={label}>
      <i />
      <i />
      <i />
    </span>
  );
}
