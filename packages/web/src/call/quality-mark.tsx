import { Signal, SignalLow, SignalMedium } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import type { Tile } from '../grid/tiles.ts';
import { useText } from '../i18n/text.tsx';
import { TileQuality } from '../stats/tile-quality.ts';
import { IconButton } from '../ui/button.tsx';
import { useCall } from './context.tsx';

/** Says why a picture is bad, while it is. */
export function QualityMark({ tile, heightNow }: { tile: Tile; heightNow(): number }) {
  const { quality: words } = useText();
  const { room, readings, actions } = useCall();
  const [quality] = useState(() => new TileQuality(room, readings, tile, () => heightNow() * window.devicePixelRatio));
  const { level, cause } = useSyncExternalStore(quality.subscribe, quality.get);
  if (level === 'good' || level === 'unknown') return null;
  const Icon = level === 'poor' ? SignalLow : SignalMedium;
  return (
    <span className="quality-mark" data-level={level} data-cause={cause} data-testid="quality">
      <IconButton
        label={`${words[level]}: ${words.causes[cause]}`}
        icon={
          <span className="quality-bars">
            <Signal size={16} />
            <Icon size={16} />
          </span>
        }
        onPress={() => actions.show('statistics')}
      />
    </span>
  );
}
