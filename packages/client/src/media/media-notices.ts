import type { Notice } from '@potluck/protocol';
import type { FloorClaims } from './claims.ts';
import type { MediaPaths } from './media-paths.ts';
import type { Sending } from './sending.ts';

export type MediaParts = {
  readonly paths: Pick<MediaPaths, 'distrust' | 'prepareStandby' | 'replace'>;
  readonly sending: Pick<Sending, 'follow' | 'released' | 'dataClosed'>;
  readonly claims: Pick<FloorClaims, 'heard'>;
};

/** What the server tells of transports and of what is sent, put where it belongs. Whether it was such a thing. */
export function takenByMedia(notice: Notice, { paths, sending, claims }: MediaParts): boolean {
  switch (notice.name) {
    case 'transportFailed':
      paths.distrust(notice.data.transportId, notice.data.lost);
      return true;
    case 'standbyOpened':
      paths.prepareStandby(notice.data);
      return true;
    case 'transportReplaced':
      paths.replace(notice.data);
      return true;
    case 'producerDemand':
      sending.follow(notice.data.producerId, notice.data.spatialLayer ?? undefined);
      return true;
    case 'producerReleased':
      sending.released(notice.data.producerId);
      return true;
    case 'microphoneHeard':
      claims.heard(notice.data.producerId, notice.data.heard);
      return true;
    case 'dataProducerClosed':
      sending.dataClosed(notice.data.dataProducerId);
      return true;
    default:
      return false;
  }
}
