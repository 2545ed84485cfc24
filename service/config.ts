/** The configuration: flags beat the environment, the environment beats the file, the file beats the profile's defaults. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { parse as parseYaml } from 'yaml';
import { checkLists } from './configLists.ts';
import { ALERT_DEFAULTS } from './protocol/usualLimits.ts';
import { AlertDefaults } from './protocol/alertDefaults.ts';
import { ALERTING_DEFAULTS, Alerting } from './protocol/alerting.ts';
import { BottleneckPattern, MOST_BOTTLENECK_PATTERNS } from './protocol/bottleneckPattern.ts';
import { defaultDataDir } from './protocol/dataDir.ts';
import { ProductError, messageOf } from './protocol/errors.ts';
import { describeValueError } from './protocol/parse.ts';
import { OPTIMIZER_DEFAULTS, OptimizerSettings } from './protocol/optimizer.ts';
import { TargetSetting } from './protocol/targets.ts';

const closed = { additionalProperties: false };
const Positive = (description: string) => Type.Number({ exclusiveMinimum: 0, description });
/** A hundred years; times much longer ago are no dates any more. */
const MAX_DAYS = 36_500;
const Days = (what: string, maximum = MAX_DAYS) =>
  Type.Number({ exclusiveMinimum: 0, maximum, description: `${what}; at most ${maximum}` });
/** The longest a timer can wait, 24 days: a longer one would end at once. */
const MAX_MS = 2 ** 31 - 1;
const Milliseconds = (minimum: number, what: string) =>
  Type.Integer({
    minimum,
    maximum: MAX_MS,
    description: `milliseconds ${what}, at most ${MAX_MS}`,
  });

const Thresholds = Type.Object(
  {
    execution_time_ms: Positive('milliseconds after which a phase is slow'),
    memory_usage_mb: Positive('MB above which memory is high'),
    cpu_usage_percent: Positive('percent of the machine above which CPU is high'),
    error_count: Type.Integer({
      minimum: 1,
      description: 'errors from which a phase has too many',
    }),
  },
  closed,
);
export type Thresholds = Static<typeof Thresholds>;

export const PROFILES = ['development', 'production'] as const;
export type Profile = (typeof PROFILES)[number];

/** The reference document's thresholds: lenient while one develops, strict in production. */
export const PROFILE_THRESHOLDS: Record<Profile, Thresholds> = {
  development: {
    execution_time_ms: 600_000,
    memory_usage_mb: 8192,
    cpu_usage_percent: 95,
    error_count: 10,
  },
  production: {
    execution_time_ms: 300_000,
    memory_usage_mb: 4096,
    cpu_usage_percent: 85,
    error_count: 3,
  },
};

const MAX_PORT = 65_535;

const Settings = Type.Object(
  {
    profile: Type.Union(
      PROFILES.map((name) => Type.Literal(name)),
      { description: 'development or production' },
    ),
    host: Type.String({ minLength: 1, description: 'the address to listen on' }),
    port: Type.Integer({
      minimum: 0,
      maximum: MAX_PORT,
      description: 'a port from 0 (any free one) to 65535',
    }),
    data_dir: Type.String({ minLength: 1, description: 'a folder' }),
    log_level: Type.Union(
      (['debug', 'info', 'warn', 'error'] as const).map((name) => Type.Literal(name)),
      { description: 'debug, info, warn or error' },
    ),
    thresholds: Thresholds,
    sampling: Type.Object(
      {
        interval_ms: Type.Integer({
          minimum: 100,
          maximum: 3_600_000,
          description: '100 to 3600000 ms',
        }),
        host_interval_ms: Type.Union(
          [Type.Literal(0), Type.Integer({ minimum: 50, maximum: 3_600_000 })],
          {
            description: 'milliseconds between looks at this machine: 50 to 3600000, or 0 for none',
          },
        ),
      },
      closed,
    ),
    stale_after_ms: Milliseconds(1000, 'without a sign of life: at least 1000'),
    worker_offline_ms: Milliseconds(1000, 'until a silent worker is offline: at least 1000'),
    idle_exit_ms: Milliseconds(0, 'without a window: 0 for never'),
    retention: Type.Object(
      {
        jobs: Type.Integer({ minimum: 1, description: 'finished jobs to keep' }),
        job_days: Days('days to keep finished jobs'),
        alert_days: Days('days to keep resolved alerts'),
        phase_history: Type.Integer({
          minimum: 1,
          maximum: 1000,
          description: 'executions to keep per phase, 1 to 1000',
        }),
        tasks: Type.Integer({ minimum: 1, maximum: 200_000, description: 'tasks to keep' }),
        task_days: Days('days to keep ended tasks'),
        system_hours: Days(
          'hours to keep series at their finest, 10 seconds a point',
          MAX_DAYS * 24,
        ),
        series_days: Days(
          'days to keep series: a week of minutes at most, hours for all of it, days for two years',
        ),
      },
      closed,
    ),
    series: Type.Object(
      {
        max_series: Type.Integer({ minimum: 1, description: 'label sets of all metrics' }),
        max_per_metric: Type.Integer({ minimum: 1, description: 'label sets of one metric' }),
      },
      closed,
    ),
    targets: Type.Array(TargetSetting, { maxItems: 100, description: 'at most 100 targets' }),
    bottleneck_patterns: Type.Array(BottleneckPattern, {
      maxItems: MOST_BOTTLENECK_PATTERNS,
      description: `at most ${MOST_BOTTLENECK_PATTERNS} patterns`,
    }),
    alert_defaults: AlertDefaults,
    alerting: Alerting,
    optimizer: OptimizerSettings,
    optimizer_module: Type.String({ description: 'an absolute path of a module, or nothing' }),
    behind_proxy: Type.Boolean({ description: 'true when a TLS proxy stands in front' }),
  },
  closed,
);
export type Config = Static<typeof Settings>;

type DeepPartial<T> = {
  [K in keyof T]?: T[K] extends readonly unknown[]
    ? T[K]
    : T[K] extends object
      ? DeepPartial<T[K]>
      : T[K];
};
/** What a file or the flags may set: any part of the configuration. */
export type ConfigInput = DeepPartial<Config>;

const Input = Type.Partial(
  Type.Object(
    {
      ...Settings.properties,
      thresholds: Type.Partial(Thresholds, closed),
      sampling: Type.Partial(Settings.properties.sampling, closed),
      retention: Type.Partial(Settings.properties.retention, closed),
      series: Type.Partial(Settings.properties.series, closed),
      alert_defaults: Type.Partial(AlertDefaults, closed),
      alerting: Type.Partial(Alerting, closed),
      optimizer: Type.Partial(OptimizerSettings, closed),
    },
    closed,
  ),
  closed,
);
const inputCheck = TypeCompiler.Compile(Input);

/** What may be changed while the service runs; everything else needs a new start. */
export const RUNTIME_SETTINGS = [
  'thresholds',
  'sampling',
  'stale_after_ms',
  'worker_offline_ms',
  'retention',
  'targets',
  'bottleneck_patterns',
  'alert_defaults',
  'alerting',
  'optimizer',
] as const;
export const RuntimeConfig = Type.Pick(Settings, RUNTIME_SETTINGS, closed);
export type RuntimeConfig = Static<typeof RuntimeConfig>;
/** A change of it: what is absent has the value of the start. */
export const RuntimeInput = Type.Pick(Input, RUNTIME_SETTINGS, closed);
export type RuntimeInput = Static<typeof RuntimeInput>;

/** The configuration of the start with the changes made since. */
export function withChanges(config: Config, changes: RuntimeInput): Config {
  return merge(config, changes as DeepPartial<Config>);
}

function defaults(profile: Profile): Config {
  return {
    profile,
    host: '127.0.0.1',
    port: 4780,
    data_dir: '',
    log_level: 'info',
    thresholds: PROFILE_THRESHOLDS[profile],
    sampling: { interval_ms: 5000, host_interval_ms: 100 },
    stale_after_ms: 600_000,
    worker_offline_ms: 300_000,
    idle_exit_ms: 0,
    retention: {
      jobs: 100_000,
      job_days: 30,
      alert_days: 30,
      phase_history: 100,
      tasks: 20_000,
      task_days: 7,
      system_hours: 24,
      series_days: 30,
    },
    series: { max_series: 5000, max_per_metric: 1000 },
    targets: [],
    bottleneck_patterns: [],
    alert_defaults: ALERT_DEFAULTS,
    alerting: ALERTING_DEFAULTS,
    optimizer: OPTIMIZER_DEFAULTS,
    optimizer_module: '',
    behind_proxy: false,
  };
}

export interface ConfigSources {
  flags: ConfigInput;
  env: Readonly<Record<string, string | undefined>>;
  /** Path of a YAML file; `PIPESCOPE_CONFIG` where no flag names one. */
  file?: string | undefined;
}

/** Puts the sources together. Throws CONFIG_INVALID with one sentence that names file, field and fix. */
export function loadConfig({ flags, env, file = env['PIPESCOPE_CONFIG'] }: ConfigSources): Config {
  const fromFile = file ? readConfigFile(file) : {};
  const fromEnv = readEnvironment(env);
  checkInput(flags, 'the command line');
  const profile = flags.profile ?? fromEnv.profile ?? fromFile.profile ?? 'development';
  const config = [fromFile, fromEnv, flags].reduce<Config>(
    (held, input) => merge(held, input),
    defaults(profile),
  );
  checkLists(config);
  config.data_dir = resolve(
    config.data_dir || defaultDataDir({ platform: process.platform, env, home: homedir() }),
  );
  return config;
}

function readConfigFile(file: string): ConfigInput {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw invalid(`The configuration file ${file} cannot be read: ${messageOf(error)}.`);
  }
  let value: unknown;
  try {
    value = parseYaml(text) ?? {};
  } catch (error) {
    const reason = messageOf(error).split('\n', 1)[0]?.replace(/[.:]$/, '') ?? '';
    throw invalid(`The configuration file ${file} is not valid YAML: ${reason}.`);
  }
  return checkInput(value, `the configuration file ${file}`);
}

/** The environment variables that set a part of the configuration; tokens and URLs are read where they are used. */
function readEnvironment(env: ConfigSources['env']): ConfigInput {
  const port = env['PIPESCOPE_PORT'];
  const input: ConfigInput = {};
  if (port) {
    input.port = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
    if (!(input.port <= MAX_PORT))
      throw invalid(`PIPESCOPE_PORT is not a port: "${port}". Give 0 to ${MAX_PORT}.`);
  }
  if (env['PIPESCOPE_DATA_DIR']) input.data_dir = env['PIPESCOPE_DATA_DIR'];
  return checkInput(input, 'the environment');
}

function checkInput(value: unknown, where: string): ConfigInput {
  if (inputCheck.Check(value)) return value;
  const error = inputCheck.Errors(value).First();
  if (!error) throw invalid(`Something in ${where} is not valid.`);
  const name = error.path.slice(1).replaceAll('/', '.');
  if (error.message === 'Unexpected property') {
    throw invalid(`There is no setting "${name}". Remove it from ${where}.`);
  }
  const { message } = describeValueError(error);
  throw invalid(
    name ? `In ${where}, "${name}": ${message}` : `${where} must hold settings, one a line.`,
  );
}

function invalid(detail: string): ProductError {
  return new ProductError('CONFIG_INVALID', { detail });
}

function merge<T extends object>(held: T, input: DeepPartial<T>): T {
  const merged = { ...held } as Record<string, unknown>;
  for (const [key, value] of Object.entries(input)) {
    const before = merged[key];
    merged[key] = isGroup(value) && isGroup(before) ? merge(before, value) : value;
  }
  return merged as T;
}

/** A list is one value: a later source gives it whole. */
function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
