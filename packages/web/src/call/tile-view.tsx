import { Hand, LockKeyhole, MicOff, MonitorUp, Pin, PinOff, WifiOff } from 'lucide-react';
import { memo, useCallback, useEffect, useRef } from 'react';
import type { Tile } from '../grid/tiles.ts';
import { useText } from '../i18n/text.tsx';
import { LightButton } from '../ui/light-button.tsx';
import { useCall, useRoom, useUi } from './context.tsx';
import { FaceBoxes } from './face-boxes.tsx';
import { QualityMark } from './quality-mark.tsx';
import { ReactionFloat } from './reaction-float.tsx';
import { sameValues } from '../ui/same-values.ts';
import { useLongPress } from './use-long-press.ts';
import { tileName } from './tile-name.ts';
import { TilePicture, TilePlate } from './tile-picture.tsx';
import './tile.css';

type TileViewProps = Omit<TileBodyProps, 'heightNow'> & {
  left: number;
  top: number;
  width: number;
  height: number;
};

/** One picture with its name and marks, at its place. */
export const TileView = memo(function TileView({ left, top, width, height, ...body }: TileViewProps) {
  const { tile, floating, small } = body;
  const texts = useText();
  const { actions } = useCall();
  const speaking = useSpeaking(tile);
  const latest = useRef(height);
  useEffect(() => {
    latest.current = height;
  }, [height]);
  const heightNow = useCallback(() => latest.current, []);
  const touch = useLongPress(() => actions.togglePin(tile.key));
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- short ways to what the pin button and the menu of people do
    <div
      {...touch}
      onDoubleClick={() => actions.togglePin(tile.key)}
      role="listitem"
      className="tile"
      aria-label={tileName(tile, texts)}
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
      <TileBody {...body} heightNow={heightNow} />
    </div>
  );
}, sameProps);

type TileBodyProps = {
  tile: Tile;
  mirrored: boolean;
  floating: boolean;
  /** Too small for words and buttons. */
  small: boolean;
  /** In CSS pixels. Always the same function: a new height is no reason to draw. */
  heightNow(): number;
};

/** Drawn again only when something in it changes: tiles move and grow all at once. */
const TileBody = memo(function TileBody({ tile, mirrored, floating, small, heightNow }: TileBodyProps) {
  const texts = useText();
  const { actions, encrypted, faceDetection } = useCall();
  const pinned = useUi((ui) => ui.pinned.includes(tile.key));
  const speaking = useSpeaking(tile);
  return (
    <>
      {tile.track !== undefined && tile.picture === 'on' ? (
        <TilePicture tile={tile} track={tile.track} mirrored={mirrored} />
      ) : (
        <TilePlate tile={tile} />
      )}
      {faceDetection && tile.kind === 'person' && tile.picture === 'on' && <FaceBoxes mirrored={mirrored} />}
      {tile.reconnecting && (
        <p className="tile-state">
          <WifiOff size={16} aria-hidden="true" />
          {!small && texts.tile.reconnecting}
        </p>
      )}
      {tile.locked && !tile.reconnecting && (
        <p className="tile-state" data-testid="tile-locked">
          <LockKeyhole size={16} aria-hidden="true" />
          {!small && (encrypted ? texts.tile.otherKey : texts.tile.keyNeeded)}
        </p>
      )}
      <footer className="tile-foot">
        <span className="tile-name">
          {tile.kind === 'screen' && <MonitorUp size={14} aria-hidden="true" />}
          {tile.silent === true && (
            <MicOff size={14} className="tile-muted" role="img" aria-label={texts.tile.muted} aria-hidden={false} />
          )}
          {speaking && <SpeakingMark label={texts.tile.speaking} />}
          <span>{tileName(tile, texts)}</span>
        </span>
        {tile.picture === 'on' && !tile.reconnecting && <QualityMark tile={tile} heightNow={heightNow} />}
        {tile.handRaisedAt !== undefined && (
          <span className="tile-hand" role="img" aria-label={texts.tile.hand}>
            <Hand size={16} aria-hidden="true" />
          </span>
        )}
      </footer>
      {!floating && !small && (
        <div className="tile-tools" data-shown={pinned || undefined}>
          <LightButton
            label={pinned ? texts.tile.unpin : texts.tile.pin}
            icon={pinned ? <PinOff size={18} /> : <Pin size={18} />}
            onPress={() => actions.togglePin(tile.key)}
            testId="pin"
          />
        </div>
      )}
      {tile.kind === 'person' && <ReactionFloat peerId={tile.peerId} />}
    </>
  );
}, sameProps);

const useSpeaking = (tile: Tile): boolean =>
  useRoom(
    (state) =>
      tile.kind === 'person' && tile.silent === false && state.speaking.some(({ peerId }) => peerId === tile.peerId),
  );

/** Tiles are made anew with every change of the room; one whose values are the same is not drawn again. */
function sameProps<Props extends { tile: Tile }>(before: Props, after: Props): boolean {
  return (
    sameValues({ ...before, tile: undefined }, { ...after, tile: undefined }) && sameValues(before.tile, after.tile)
  );
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
