/** The fields of a rule's form, made of what the service says of its kind. Pure. */
import { t } from '@vscode/l10n';
import { severityWord, unitSign } from '../../../../service/protocol/describe.ts';
import type {
  Rule,
  RuleKindRecord,
  RuleRecord,
  RuleScope,
} from '../../../../service/protocol/rule.ts';
import { SEVERITIES } from '../../../../service/protocol/states.ts';
import type { Field, Options } from '../form/field.ts';
import type { Section } from '../form/form.ts';
import { choiceWord, KIND_WORDS, paramWord } from './words.ts';

/** The part of a JSON Schema that a field needs. */
interface Schema {
  type?: string;
  const?: unknown;
  anyOf?: Schema[];
}

export interface RuleWorld {
  /** All kinds; the form of a new rule offers them. */
  kinds: readonly RuleKindRecord[];
  kind: RuleKindRecord;
  isNew: boolean;
  channels: Options;
  metrics: readonly { metric: string; unit: string | null }[];
  /** The metric that is written now. */
  metric: string;
  pipelines: readonly string[];
}

/** The parts of a record that make a rule. */
const RULE_PARTS: readonly (keyof Rule)[] = [
  ...(['rule_id', 'name', 'kind', 'enabled', 'severity', 'scope', 'params'] as const),
  ...(['for_ms', 'recovery', 'cooldown_ms', 'channels', 'message'] as const),
];

/** A rule as the service takes it, of what it says of one. */
export function ruleOf(record: RuleRecord): Rule {
  return Object.fromEntries(RULE_PARTS.map((name) => [name, record[name]])) as unknown as Rule;
}

/** As in MESSAGE_FIELDS of the protocol; a test holds them together. */
export const PLACEHOLDERS: readonly string[] = [
  ...['rule', 'severity', 'subject', 'title', 'value', 'threshold', 'unit'],
  ...['job', 'pipeline', 'phase', 'worker', 'error', 'for'],
];

export function ruleSections(world: RuleWorld): Section[] {
  return [
    { title: '', fields: headFields(world) },
    { title: t('When'), fields: whenFields(world) },
    { title: t('Where'), fields: scopeFields(world) },
    { title: t('Who is told'), fields: tellFields(world) },
  ];
}

function headFields({ kinds, kind, isNew }: RuleWorld): Field[] {
  const id: Field = {
    ...{ as: 'text', path: '/rule_id', label: t('Id') },
    help: t('Lower-case letters, digits, "_" and "-". It stays as it is once the rule is saved.'),
  };
  return [
    { as: 'text', path: '/name', label: t('Name') },
    ...(isNew ? [id] : []),
    {
      ...{ as: 'choice', path: '/kind', label: t('Kind'), fixed: !isNew },
      options: kinds.map((one) => [one.kind, KIND_WORDS[one.kind]()]),
      ...(kinds.length === 0 ? { options: [[kind.kind, KIND_WORDS[kind.kind]()]] } : {}),
    },
    {
      ...{ as: 'choice', path: '/severity', label: t('Severity') },
      options: SEVERITIES.map((one) => [one, severityWord(one)]),
    },
    { as: 'check', path: '/enabled', label: t('Switched on') },
  ];
}

function whenFields(world: RuleWorld): Field[] {
  const { kind } = world;
  const { properties = {} } = kind.params as { properties?: Record<string, Schema> };
  const fields = Object.entries(properties).map(([name, schema]) =>
    paramField(name, schema, world),
  );
  return [
    ...fields,
    {
      ...{ as: 'duration', path: '/for_ms', label: t('For at least') },
      help: t('It has to hold for so long before the alert is raised.'),
    },
    ...(hasBound(kind, properties) ? [recoveryField(world)] : []),
  ];
}

/** Kinds that watch no measured value know by themselves when it is over. */
function hasBound({ unit }: RuleKindRecord, properties: Record<string, Schema>): boolean {
  const bound = unit === null ? /^(value|change)$/ : /^(threshold|degradation|value|change)/;
  return Object.keys(properties).some((name) => bound.test(name));
}

function recoveryField(world: RuleWorld): Field {
  const common = {
    ...{ path: '/recovery', label: t('Resolves at'), empty: 'null' as const },
    help: t(
      'The value at which the alert resolves, on the good side of the bound. Empty: as is usual for this kind.',
    ),
  };
  return world.kind.unit === 'ms'
    ? { as: 'duration', ...common }
    : { as: 'number', ...common, unit: unitOf(world) };
}

function unitOf({ kind, metric, metrics }: RuleWorld): string {
  const unit = kind.unit ?? metrics.find((one) => one.metric === metric)?.unit;
  return unit == null ? '' : unitSign(unit);
}

function paramField(name: string, schema: Schema, world: RuleWorld): Field {
  const word = paramWord(world.kind.kind, name);
  const common = {
    ...{ path: `/params/${name}`, label: word.label(), help: word.help?.() },
    ...(nullable(schema) ? { empty: 'null' as const } : {}),
  };
  const options = choicesOf(schema);
  if (options.length > 0) return { as: 'choice', ...common, options };
  switch (typeOf(schema)) {
    case 'number':
    case 'integer':
      return name.endsWith('_ms')
        ? { as: 'duration', ...common }
        : { as: 'number', ...common, unit: word.unit?.() ?? paramUnit(name, world) };
    case 'array':
      return { as: 'lines', ...common };
    case 'object':
      return { as: 'labels', ...common };
    default:
      return { as: 'text', ...common, ...offersOf(name, world) };
  }
}

function paramUnit(name: string, world: RuleWorld): string {
  if (name.endsWith('_percent')) return '%';
  if (name.endsWith('_mb')) return 'MB';
  return name === 'value' || name === 'threshold' ? unitOf(world) : '';
}

function offersOf(name: string, { metrics }: RuleWorld): { offers?: readonly string[] } {
  return name === 'metric' ? { offers: metrics.map(({ metric }) => metric) } : {};
}

function choicesOf({ anyOf = [] }: Schema): Options {
  const values = anyOf.flatMap((one) => (typeof one.const === 'string' ? [one.const] : []));
  return values.map((value) => [value, choiceWord(value)]);
}

const nullable = ({ anyOf = [] }: Schema): boolean => anyOf.some(({ type }) => type === 'null');

function typeOf({ type, anyOf = [] }: Schema): string | undefined {
  return type ?? anyOf.find((one) => one.type !== 'null')?.type;
}

function scopeFields({ kind, pipelines }: RuleWorld): Field[] {
  const any = t('* stands for any text; empty: all.');
  const text = (name: keyof RuleScope, label: string, offers?: readonly string[]): Field => ({
    ...{ as: 'text', path: `/scope/${name}`, label, help: any, empty: 'absent' },
    ...(offers === undefined ? {} : { offers }),
  });
  const all: Record<keyof RuleScope, Field> = {
    pipeline: text('pipeline', t('Pipeline'), pipelines),
    phase: text('phase', t('Phase')),
    worker: text('worker', t('Worker')),
    subject: text('subject', t('Endpoint, queue, model or cache')),
    labels: {
      ...{ as: 'labels', path: '/scope/labels', label: t('Labels') },
      help: t('name=value, one on each line'),
    },
  };
  return Object.entries(all).flatMap(([name, field]) => (kind.scope.includes(name) ? [field] : []));
}

function tellFields({ channels }: RuleWorld): Field[] {
  const fields = PLACEHOLDERS.map((name) => `{{${name}}}`).join(' ');
  return [
    {
      ...{ as: 'checks', path: '/channels', label: t('Channels') },
      ...{ options: channels, all: t('Every channel that takes it') },
    },
    {
      ...{
        as: 'duration',
        path: '/cooldown_ms',
        label: t('Pause between notifications'),
        empty: 'null',
      },
      help: t('So long nobody is told again of the same subject. Empty: as in the configuration.'),
    },
    {
      ...{ as: 'text', path: '/message', label: t('Text of its alerts'), rows: 3, empty: 'null' },
      help: t(
        'Empty: the text of this kind. It may hold {0}, and {1} for a label.',
        fields,
        '{{label.NAME}}',
      ),
    },
  ];
}
