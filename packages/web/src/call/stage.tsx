import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { arrange, type Arranged } from '../grid/arrange.ts';
import type { Size } from '../grid/layout.ts';
import { noteSpeaker, Seating } from '../grid/order.ts';
import { stageTiles } from '../grid/stage.ts';
import { tilesOf, type Tile } from '../grid/tiles.ts';
import { useText } from '../i18n/text.tsx';
import { usePreferences } from '../state/use-store.ts';
import { IconButton } from '../ui/button.tsx';
import { useGradually } from '../ui/gradually.ts';
import { Alone } from './alone.tsx';
import { useCall, useRoom, useUi } from './context.tsx';
import { TileView } from './tile-view.tsx';
import { shownVideos } from './shown-videos.ts';
import './stage.css';

/** Pixels of width that words and buttons need. */
const smallBelow = 170;
/** More tiles than this take their places at once: moving them all is slow, and tells nobody anything. */
const mostMoving = 16;

/** All tiles of the call at their places. */
export function Stage() {
  const { call } = useText();
  const { actions } = useCall();
  const { mirrorSelf } = usePreferences();
  const table = useRef<HTMLDivElement>(null);
  const size = useSize(table);
  const { tiles, arranged, staged } = useArranged(size);
  useView(tiles, arranged);
  const drawn = useGradually(useMemo(() => [...arranged.rects.keys()], [arranged]));
  const { page, pages } = arranged;
  return (
    <div className="stage" data-testid="stage">
      <div
        ref={table}
        className="stage-table"
        role="list"
        aria-label={call.tiles}
        data-still={arranged.rects.size > mostMoving || undefined}
      >
        {tiles.map((tile) => {
          const rect = arranged.rects.get(tile.key);
          return (
            rect !== undefined &&
            drawn.has(tile.key) && (
              <TileView
                key={tile.key}
                tile={tile}
                left={rect.left}
                top={rect.top}
                width={rect.width}
                height={rect.height}
                mirrored={tile.self && tile.kind === 'person' && mirrorSelf}
                floating={staged.floating === tile.key}
                small={rect.width < smallBelow}
              />
            )
          );
        })}
      </div>
      {tiles.length === 1 && <Alone />}
      {pages > 1 && (
        <nav className="pager" aria-label={call.page(page + 1, pages)}>
          <IconButton
            label={call.previousPage}
            icon={<ChevronLeft size={20} />}
            isDisabled={page === 0}
            onPress={() => actions.setPage(page - 1)}
            testId="previous-page"
          />
          <span aria-hidden="true">
            {page + 1} / {pages}
          </span>
          <IconButton
            label={call.nextPage}
            icon={<ChevronRight size={20} />}
            isDisabled={page === pages - 1}
            onPress={() => actions.setPage(page + 1)}
            testId="next-page"
          />
        </nav>
      )}
    </div>
  );
}

function useArranged(size: Size) {
  const me = useRoom((state) => state.me);
  const participants = useRoom((state) => state.participants);
  const mode = useUi((ui) => ui.mode);
  const pinned = useUi((ui) => ui.pinned);
  const page = useUi((ui) => ui.page);
  const { hideSelf } = usePreferences();
  const spoke = useSpoke(me.id);
  const [seating] = useState(() => new Seating());
  return useMemo(() => {
    const tiles = tilesOf({ me, participants });
    const staged = stageTiles({ tiles, mode, pinned, spoke, hideSelf });
    const isScreen = new Set(tiles.filter(({ kind }) => kind === 'screen').map(({ key }) => key));
    const wideStage = staged.stage.every((key) => isScreen.has(key));
    const input = { ...size, stage: staged.stage, wideStage, floating: staged.floating, page };
    const rest = seating.seat(staged.rest, spoke, new Set([me.id]), (order) => {
      const first = arrange({ ...input, rest: order, page: 0 }).rects.size;
      return first - staged.stage.length - (staged.floating === undefined ? 0 : 1);
    });
    const arranged = arrange({ ...input, rest });
    return { tiles: inReadingOrder(tiles, [...staged.stage, ...rest]), staged, arranged };
  }, [me, participants, mode, pinned, page, hideSelf, spoke, size, seating]);
}

/** Keyboard and screen readers meet the tiles in the order in which they are seen. */
function inReadingOrder(tiles: readonly Tile[], keys: readonly string[]): Tile[] {
  const rank = new Map(keys.map((key, index) => [key, index]));
  return tiles.toSorted((a, b) => (rank.get(a.key) ?? Infinity) - (rank.get(b.key) ?? Infinity) || 0);
}

/** Who spoke, most recent first, without oneself. */
function useSpoke(own: string): readonly string[] {
  const { room } = useCall();
  const [spoke, setSpoke] = useState<readonly string[]>([]);
  useEffect(
    () =>
      room.subscribe(() => {
        const speaker = room.state.activeSpeaker;
        if (speaker !== undefined && speaker !== own) setSpoke((before) => noteSpeaker(before, speaker));
      }),
    [room, own],
  );
  return spoke;
}

function useSize(element: React.RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const measured = element.current;
    if (measured === null) return undefined;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = measured;
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** Tells the room what is seen and how large, so that nothing else is sent here. */
function useView(tiles: readonly Tile[], arranged: Arranged): void {
  const { room } = useCall();
  const sent = useRef('');
  useEffect(() => {
    if (arranged.rects.size === 0) return;
    const shown = shownVideos(tiles, arranged.rects, window.devicePixelRatio);
    const text = JSON.stringify(shown);
    if (text === sent.current) return;
    sent.current = text;
    room.setView(shown);
  }, [room, tiles, arranged]);
}
