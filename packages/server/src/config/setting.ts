import { isIP } from 'node:net';
import { z } from 'zod';

/** How text from the environment or a flag becomes a value. */
export type SettingKind = 'number' | 'flag' | 'text' | 'list';

export type SettingDocs = {
  /** What it does, in one or two sentences. */
  doc: string;
  /** The flag without dashes. The environment variable is `POTLUCK_` and the same in capitals. */
  flag: string;
  /** Further environment variables, those of the mediasoup demo's server. */
  env?: readonly string[];
  unit?: string;
  /** Says the default in words where it depends on the machine. */
  standard?: string;
  /** Never shown. */
  secret?: boolean;
};

export type SettingInfo = SettingDocs & { kind: SettingKind; allowed: string };
export type GroupInfo = { title: string; doc: string };

/** What is known of each setting beside its type; documentation, `--help` and messages are made from it. */
export const settingInfo = z.registry<SettingInfo>();
export const groupInfo = z.registry<GroupInfo>();

const setting = <S extends z.ZodType>(schema: S, info: SettingInfo): S => {
  const described = schema.describe(info.unit === undefined ? info.doc : `${info.doc} Unit: ${info.unit}.`);
  settingInfo.add(described, info);
  return described;
};

/** Settings that belong together: one object of the configuration file. */
export const group = <S extends z.ZodRawShape>(info: GroupInfo, shape: S) => {
  const schema = z.strictObject(shape);
  groupInfo.add(schema, info);
  return schema;
};

/** As in English. `Intl` would do it too, and bring 5 MiB of its tables into every server's memory. */
const grouped = (value: number): string => String(value).replaceAll(/\B(?=(?:\d{3})+$)/gu, ',');
type Range = { min: number; max: number };

export const whole = (standard: number | (() => number), { min, max }: Range, docs: SettingDocs) =>
  setting(
    z
      .int()
      .min(min)
      .max(max)
      .default(typeof standard === 'function' ? standard() : standard),
    {
      ...docs,
      kind: 'number',
      allowed: `a whole number from ${grouped(min)} to ${grouped(max)}`,
    },
  );

export const port = (standard: number, docs: SettingDocs) =>
  setting(z.int().min(0).max(65_535).default(standard), {
    ...docs,
    kind: 'number',
    allowed: 'a port number from 0 (any free one) to 65535',
  });

export const flag = (standard: boolean, docs: SettingDocs) =>
  setting(z.boolean().default(standard), { ...docs, kind: 'flag', allowed: 'true or false' });

export const choice = <const T extends readonly [string, ...string[]]>(
  values: T,
  standard: T[number],
  docs: SettingDocs,
) =>
  setting(
    z.enum(values).default(() => standard),
    { ...docs, kind: 'text', allowed: `one of ${values.join(', ')}` },
  );

export const choices = <const T extends readonly [string, ...string[]]>(
  values: T,
  standard: readonly T[number][],
  docs: SettingDocs,
) =>
  setting(z.array(z.enum(values)).readonly().default(standard), {
    ...docs,
    kind: 'list',
    allowed: `any of ${values.join(', ')}`,
  });

export const text = (standard: string | (() => string), docs: SettingDocs) =>
  setting(
    z
      .string()
      .min(1)
      .max(4096)
      .default(() => (typeof standard === 'function' ? standard() : standard)),
    { ...docs, kind: 'text', allowed: 'a text of 1 to 4,096 characters' },
  );

export const optionalText = (docs: SettingDocs) =>
  setting(z.string().min(1).max(4096).optional(), {
    ...docs,
    kind: 'text',
    allowed: 'a text of 1 to 4,096 characters',
  });

/** Long enough not to be guessed, and of what an Authorization header takes (RFC 6750 §2.1). */
export const secretText = (docs: SettingDocs) =>
  setting(
    z
      .string()
      .regex(/^[\w.~+/=-]{32,4096}$/u)
      .optional(),
    {
      ...docs,
      kind: 'text',
      allowed: '32 to 4,096 letters, digits and the characters . ~ + / = _ -',
      secret: true,
    },
  );

const isKeyUrl = (value: string) => {
  const { protocol, hostname } = URL.parse(value) ?? { protocol: '', hostname: '' };
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.[\d.]+|\[::1\])$/u.test(hostname));
};

export const httpUrl = (docs: SettingDocs) =>
  setting(z.string().max(2048).refine(isKeyUrl).optional(), {
    ...docs,
    kind: 'text',
    allowed: 'an https URL, or an http URL of this machine',
  });

export const file = (docs: SettingDocs) =>
  setting(z.string().min(1).max(4096).optional(), { ...docs, kind: 'text', allowed: 'the path of a file' });

export const ipAddress = (standard: string, docs: SettingDocs) =>
  setting(z.string().refine(isAddress).default(standard), {
    ...docs,
    kind: 'text',
    allowed: 'an IPv4 or IPv6 address of this machine, 0.0.0.0 or ::',
  });

const hostPattern = /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*$/iu;
const isAddress = (value: string) => isIP(value) !== 0;
const isHost = (value: string): boolean => isAddress(value) || (value.length <= 253 && hostPattern.test(value));

export const host = (docs: SettingDocs) =>
  setting(z.string().refine(isHost).optional(), { ...docs, kind: 'text', allowed: 'a host name or an IP address' });

export const hosts = (docs: SettingDocs) =>
  setting(z.array(z.string().refine(isHost)).max(32).readonly().default([]), {
    ...docs,
    kind: 'list',
    allowed: 'up to 32 host names or IP addresses',
  });

const isOrigin = (value: string) => URL.canParse(value) && new URL(value).origin === value;

export const origins = (docs: SettingDocs) =>
  setting(z.array(z.string().refine(isOrigin)).max(64).readonly().default([]), {
    ...docs,
    kind: 'list',
    allowed: 'origins like https://meet.example.org, without a path',
  });

/** `10.0.0.0/8`, `::1`, `192.0.2.7`. */
function isNetwork(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/u.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

export const networks = (docs: SettingDocs) =>
  setting(z.array(z.string().refine(isNetwork)).max(64).readonly().default([]), {
    ...docs,
    kind: 'list',
    allowed: 'addresses or networks like 10.0.0.0/8',
  });
