import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tasks, type Logger } from '@potluck/kernel';
import type { Access } from './access/access.ts';
import { resolveMode, type ResolvedMode } from './access/mode.ts';
import { openAccess } from './access/open.ts';
import {
  broadcastingSettings,
  mediaPorts,
  mediaSettings,
  reachFacts,
  registrySettings,
  sessionSettings,
  upgradeOptions,
} from './config/derive.ts';
import type { Config } from './config/schema.ts';
import { clientAddressBehind } from './edge/address.ts';
import { adminApi } from './edge/admin/router.ts';
import { broadcasterRoutes } from './edge/broadcasters/router.ts';
import { doorApi } from './edge/door/router.ts';
import { openFront, tlsFilesOf } from './edge/front.ts';
import { createHttpApp } from './edge/http.ts';
import { linksApi } from './edge/links-api.ts';
import { linksOf, networkAddresses, reachableAt, type Links } from './edge/links.ts';
import { openApiRoutes } from './edge/openapi/router.ts';
import { openUpgrades } from './edge/upgrade.ts';
import type { MediaFabric } from './media/fabric.ts';
import { openFabric } from './media/mediasoup/pool.ts';
import type { MediaSettings } from './media/settings.ts';
import { Broadcasting } from './room/broadcasting.ts';
import { Keeper } from './room/keeping.ts';
import { Reservations } from './room/reserving.ts';
import { RoomRegistry } from './room/registry.ts';
import { Sessions } from './session/sessions.ts';
import { runProgram } from './throttle/run.ts';
import { Throttle } from './throttle/throttle.ts';
import { openSqliteStore } from './store/sqlite-store.ts';
import { serverVersion } from './version.ts';
import { healthOf } from './watch/health.ts';
import type { Log } from './watch/log.ts';
import { startStatusTimer } from './watch/status.ts';

export type App = AsyncDisposable & {
  readonly httpsPort: number;
  readonly httpPort: number | undefined;
  readonly links: Links;
  readonly access: Access;
  /** Who may enter, and why it is so. */
  readonly accessMode: ResolvedMode;
  readonly fabric: MediaFabric;
  readonly registry: RoomRegistry;
  /** Tells clients, ends sockets, listeners, rooms and workers, in this order. */
  close(reason: string): Promise<void>;
};

export type AppParts = {
  openFabric?: (settings: MediaSettings, log: Logger) => Promise<MediaFabric & { close(): Promise<void> }>;
  /** The built web app. */
  webFolder?: string;
};

const builtWebApp = fileURLToPath(import.meta.resolve('@potluck/web/package.json').replace(/package\.json$/u, 'dist'));
/** Clients answer a close frame at once; what has not by then is not there. */
const goodbyeMs = 2_000;

/** Rooms of before a restart are taken up again for so long; later they begin anew. */
const keptForMs = 15 * 60_000;

/** Builds the whole server and owns it. Rejects with one readable sentence, and leaves nothing open then. */
export async function openApp(config: Config, log: Log, parts: AppParts = {}): Promise<App> {
  const { root } = log;
  const open = parts.openFabric ?? openFabric;
  await using opening = new AsyncDisposableStack();
  const tasks = new Tasks((task, error) => root.warn('background task failed', { task, error }));
  opening.defer(() => tasks.idle());

  const addresses = networkAddresses();
  const accessMode = resolveMode(config.access.mode, reachFacts(config, addresses));
  const access = await openAccess(config, accessMode, root.child('access'));

  const fabric = await open(mediaSettings(config), root.child('media'));
  opening.defer(() => fabric.close());
  const mediasoupVersion = fabric.workers()[0]?.version ?? 'unknown';

  // One file a port: two servers of one user share the folder, but not their rooms.
  const file = join(config.data.folder, `rooms-${config.https.port}.db`);
  const store = openSqliteStore({ file, maxAgeMs: keptForMs }, root.child('store'));
  opening.defer(() => store.close());
  const keeper = new Keeper(store, root.child('store'));
  const registry = new RoomRegistry(fabric, registrySettings(config, accessMode.mode), root, keeper);
  opening.defer(() => registry.close('the server stopped'));
  const settings = sessionSettings(config, { serverVersion, mediasoupVersion });
  const secret = config.rooms.networkThrottleSecret;
  const throttleDeps = { run: runProgram, rooms: registry.events, tasks, log: root.child('throttle') };
  const throttle = secret === undefined ? undefined : new Throttle(throttleDeps, { secret, ports: mediaPorts(config) });
  opening.defer(() => throttle?.close());
  const sessions = new Sessions({ registry, services: { settings, throttle }, log: root.child('session') });
  const broadcasting = new Broadcasting(
    { registry, tasks, log: root.child('broadcasting') },
    broadcastingSettings(config, accessMode.mode),
  );
  const clientAddress = clientAddressBehind(config.https.trustedProxies);

  const reservations = new Reservations(registry);
  opening.defer(() => reservations.close());
  try {
    await reservations.restore(store.reserved());
  } catch (error) {
    root.warn('rooms that were reserved before the restart could not be taken up', { error });
  }
  let draining = false;
  const setDraining = (on: boolean) => {
    draining = on;
    registry.stopOpening(on ? 'this server takes no new rooms' : undefined);
    root.info(on ? 'draining: no new rooms' : 'not draining any more');
  };
  const app = createHttpApp(
    {
      log: root.child('http'),
      health: () => healthOf({ draining, workers: fabric.workers() }),
      routes: [
        broadcasterRoutes({ broadcasting, access, clientAddress, log: root.child('broadcasting') }),
        doorApi({
          look: (question, grant, address) => sessions.look(question, grant, address),
          checkSockets: (address) => upgrades.checkRoom(address),
          access,
          allowedOrigins: config.https.allowedOrigins,
          clientAddress,
          log: root.child('door'),
        }),
        linksApi(() => links),
        ...(config.access.api
          ? [
              adminApi({
                registry,
                reservations,
                access,
                links: () => links,
                setDraining,
                fabric,
                clientAddress,
                log: root.child('api'),
              }),
            ]
          : []),
        ...(config.access.apiDescription ? [openApiRoutes(serverVersion)] : []),
      ],
    },
    {
      webFolder: parts.webFolder ?? builtWebApp,
      realCertificate: tlsFilesOf(config) !== undefined,
      frameAncestors: config.https.frameAncestors,
    },
  );
  root.info('Express app ready');

  const edgeLog = root.child('edge');
  const upgrades = openUpgrades({ door: sessions, access, clientAddress, log: edgeLog, tasks }, upgradeOptions(config));
  const malformed = (status: string) => edgeLog.debug('malformed request refused', { status });
  const handlers = { request: app, upgrade: upgrades.handle, malformed };
  const front = await openFront(config, handlers, { log: edgeLog, tasks });
  opening.defer(() => front.close());
  let reason = 'the server restarts';
  opening.defer(async () => {
    draining = true;
    upgrades.drain();
    sessions.close(reason);
    await upgrades.close(reason, goodbyeMs);
  });
  edgeLog.info('WebSocket server ready', { subprotocol: 'protoo' });

  const everyMs = config.log.statusEverySeconds * 1000;
  const sources = { rooms: () => roomStatuses(registry), workers: () => fabric.workers(), log: root.child('status') };
  opening.defer(startStatusTimer(sources, everyMs));
  root.info(everyMs === 0 ? 'status timer off' : 'status timer started', {
    everySeconds: config.log.statusEverySeconds,
  });

  const { httpsPort, httpPort } = front;
  const reachable = reachableAt(config.https.listenIp, addresses);
  const links = linksOf({ httpsPort, httpPort, domain: config.https.domain, addresses: reachable });
  const owned = opening.move();
  let closing: Promise<void> | undefined;
  const close = (why: string) => {
    if (closing === undefined) {
      reason = why;
      fabric.retire();
    }
    return (closing ??= owned.disposeAsync());
  };
  return {
    httpsPort,
    httpPort,
    links,
    access,
    accessMode,
    fabric,
    registry,
    close,
    [Symbol.asyncDispose]: () => close(reason),
  };
}

const roomStatuses = (registry: RoomRegistry) =>
  [...registry.rooms.values()].map((room) => ({ roomId: room.id, peers: room.peerCount, ...room.media.summary() }));
