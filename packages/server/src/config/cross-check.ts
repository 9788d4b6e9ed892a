import type { Config } from './schema.ts';
import type { Problem } from './source.ts';

/** What must hold between settings. `from` says where the value of a path came from. */
export function crossCheck(config: Config, from: (path: string) => string): Problem[] {
  const { access, https, media, sockets } = config;
  const problems: Problem[] = [];
  const both = (first: [string, unknown], second: [string, unknown]) => {
    for (const [[name, value], [missing, other]] of [
      [first, second],
      [second, first],
    ] as const) {
      if (value !== undefined && other === undefined) {
        problems.push({ where: `${from(name)} (${name})`, what: `needs ${missing} beside it` });
      }
    }
  };
  both(['https.certificateFile', https.certificateFile], ['https.privateKeyFile', https.privateKeyFile]);
  both(
    ['media.dtlsCertificateFile', media.dtlsCertificateFile],
    ['media.dtlsPrivateKeyFile', media.dtlsPrivateKeyFile],
  );
  for (const name of ['oidcIssuer', 'oidcAudience'] as const) {
    both(['access.oidcKeysUrl', access.oidcKeysUrl], [`access.${name}`, access[name]]);
  }
  if (media.rtcMinPort > media.rtcMaxPort) {
    problems.push({
      where: `${from('media.rtcMinPort')} (media.rtcMinPort)`,
      what: `${media.rtcMinPort} is above media.rtcMaxPort, which is ${media.rtcMaxPort} (${from('media.rtcMaxPort')})`,
    });
  }
  const lastPort = media.webRtcServerPort + media.workers - 1;
  if (media.useWebRtcServer && lastPort > 65_535) {
    problems.push({
      where: `${from('media.webRtcServerPort')} (media.webRtcServerPort)`,
      what: `${media.workers} workers would need ports up to ${lastPort}; allowed: at most ${65_536 - media.workers}`,
    });
  }
  if (sockets.maxSocketsPerAddress > sockets.maxSockets && from('sockets.maxSocketsPerAddress') !== 'default') {
    problems.push({
      where: `${from('sockets.maxSocketsPerAddress')} (sockets.maxSocketsPerAddress)`,
      what: `${sockets.maxSocketsPerAddress} is above sockets.maxSockets, which is ${sockets.maxSockets}`,
    });
  }
  return problems;
}
