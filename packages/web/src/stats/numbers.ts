/** Numbers as people read them. */

export const bitrateText = (bits: number | undefined): string => {
  if (bits === undefined) return '–';
  if (bits >= 999_500) return `${(bits / 1e6).toFixed(bits >= 9.95e6 ? 0 : 1)} Mb/s`;
  return `${Math.round(bits / 1000)} kb/s`;
};

export const percentText = (part: number | undefined): string =>
  part === undefined ? '–' : `${(100 * part).toFixed(part > 0 && part < 0.0995 ? 1 : 0)} %`;

export const millisecondsText = (time: number | undefined): string =>
  time === undefined ? '–' : `${Math.round(time)} ms`;

/** Simulcast or SVC layers, counted from 1 as people count. */
export const layersText = (
  layers: { readonly spatialLayer: number; readonly temporalLayer?: number } | undefined,
): string => (layers === undefined ? '–' : `S${layers.spatialLayer + 1} T${(layers.temporalLayer ?? 0) + 1}`);
