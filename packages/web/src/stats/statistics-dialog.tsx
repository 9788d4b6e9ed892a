import type { StreamStats } from '@potluck/client';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useDeferredValue } from 'react';
import { useCall, useRoom } from '../call/context.tsx';
import { useText } from '../i18n/text.tsx';
import { useStore } from '../state/use-store.ts';
import { Dialog } from '../ui/dialog.tsx';
import type { StreamHistory } from './history.ts';
import { bitrateText, layersText, millisecondsText, percentText } from './numbers.ts';
import { Sparkline } from './sparkline.tsx';
import { ThrottleForm } from './throttle-form.tsx';
import './statistics.css';

const firstStreams = 4;

/** Numbers of the call, as they are measured. */
export function StatisticsDialog({ onClose }: { onClose(): void }) {
  const { stats } = useText();
  const { readings, throttleSecret } = useCall();
  const { streams, sent, received } = useStore(readings.history);
  const downlink = useRoom((state) => state.downlink);
  // Plots of a hundred streams, every second: they wait for everything else.
  const rows = useDeferredValue(streams, streams.slice(0, firstStreams));
  return (
    <Dialog title={stats.title} wide onClose={onClose} testId="statistics-dialog">
      <div className="statistics">
        <div className="statistics-totals">
          <Total title={stats.receive} values={received} icon={<ArrowDown size={16} aria-hidden="true" />} />
          <Total title={stats.send} values={sent} icon={<ArrowUp size={16} aria-hidden="true" />} />
          <div className="statistics-total">
            <h3>{stats.download}</h3>
            <strong>{bitrateText(downlink)}</strong>
          </div>
        </div>
        {throttleSecret !== undefined && <ThrottleForm secret={throttleSecret} />}
        {streams.length === 0 && <p className="statistics-none">{stats.none}</p>}
        <ul>
          {rows.map((stream) => (
            <Stream key={stream.key} stream={stream} />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function Total({ title, values, icon }: { title: string; values: readonly number[]; icon: React.ReactNode }) {
  return (
    <div className="statistics-total">
      <h3>
        {icon}
        {title}
      </h3>
      <strong>{bitrateText(values.at(-1))}</strong>
      <Sparkline values={values} label={title} />
    </div>
  );
}

function Stream({ stream: { latest, readings } }: { stream: StreamHistory }) {
  const { stats, tile, common } = useText();
  const own = useRoom((state) => state.me.displayName);
  const other = useRoom((state) => state.participants.find(({ id }) => id === latest.peerId)?.displayName);
  const name = latest.direction === 'send' ? tile.you(own) : other || common.unnamed;
  return (
    <li className="stream" data-testid="stream" data-source={latest.source} data-direction={latest.direction}>
      <p className="stream-name">
        {latest.direction === 'send' ? (
          <ArrowUp size={14} aria-hidden="true" />
        ) : (
          <ArrowDown size={14} aria-hidden="true" />
        )}
        <strong>{name}</strong> {stats.sources[latest.source]}
        {latest.codec !== undefined && <span className="stream-codec">{latest.codec}</span>}
        {latest.limitedBy !== undefined && latest.limitedBy !== 'none' && (
          <span className="stream-limit">{stats.limitedBy[latest.limitedBy]}</span>
        )}
      </p>
      <dl>
        <Plot
          title={stats.bitrate}
          text={bitrateText(latest.bitrate)}
          values={readings.map(({ bitrate }) => bitrate)}
        />
        <Plot title={stats.loss} text={percentText(latest.loss)} values={readings.map(({ loss }) => 100 * loss)} />
        <Plot
          title={stats.roundTrip}
          text={millisecondsText(latest.roundTripTime)}
          values={readings.map((reading) => reading.roundTripTime ?? 0)}
        />
        {latest.kind === 'video' ? (
          <VideoNumbers latest={latest} readings={readings} />
        ) : (
          <Plot
            title={stats.jitter}
            text={millisecondsText(latest.jitter)}
            values={readings.map(({ jitter }) => jitter ?? 0)}
          />
        )}
      </dl>
    </li>
  );
}

function VideoNumbers({ latest, readings }: { latest: StreamStats; readings: readonly StreamStats[] }) {
  const { stats } = useText();
  const frames = latest.framesPerSecond;
  const layers = useRoom((state) => {
    const sender = state.participants.find(({ id }) => id === latest.peerId);
    return sender?.tracks.find((track) => track.kind === 'video' && track.source === latest.source)?.layers;
  });
  return (
    <>
      <Plot
        title={stats.frames}
        text={frames === undefined ? '–' : `${Math.round(frames)}/s`}
        values={readings.map(({ framesPerSecond }) => framesPerSecond ?? 0)}
      />
      <div>
        <dt>{stats.resolution}</dt>
        <dd>{latest.width === undefined ? '–' : `${latest.width}×${latest.height}`}</dd>
      </div>
      {latest.direction === 'receive' && (
        <div>
          <dt>{stats.layers}</dt>
          <dd>{layersText(layers)}</dd>
        </div>
      )}
    </>
  );
}

function Plot({ title, text, values }: { title: string; text: string; values: readonly number[] }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {text}
        <Sparkline values={values} label={`${title}: ${text}`} />
      </dd>
    </div>
  );
}
