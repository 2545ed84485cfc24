/** Bodies of one's own: text with {{placeholders}}. What is put in is spelled as the content type needs it. Pure. */
import type { NotificationContent } from '../../protocol/notification.ts';
import { escaped } from '../../protocol/htmlText.ts';
import { printable } from '../../protocol/parse.ts';
import { cut, plainLines } from './plainText.ts';
import { type TextContext, plainText, titleOf } from './texts.ts';

export type BodyFormat = 'json' | 'markup' | 'form' | 'text';

/** Not greedy, and neither brace inside: time grows with the length only. */
const PLACEHOLDER = /\{\{([^{}]{0,128})\}\}/g;
const TAG = /^tag\.[^\s{}]{1,100}$/;
/** Numbers and lists: they stand in JSON without quotation marks. The others are texts, empty where there is none. */
const BARE = new Set(['value', 'threshold', 'count', 'more_count', 'alerts', 'more']);
const LONGEST_VALUE = 8000;

/** What a notification says, by the name of its placeholder; of several alerts, the first. */
export function fieldsOf(content: NotificationContent, context: TextContext) {
  const { kind, summary, severity, created_at, more_count, alerts } = content;
  const [first] = alerts;
  const ids = { rule: first?.rule ?? null, job: first?.job_id ?? null };
  return {
    ...{ id: context.notification_id, kind, summary, severity, created_at, more_count },
    ...{ title: titleOf(content), text: plainText(content, context), url: context.dashboardUrl },
    ...{ description: first?.description ?? null, state: first?.state ?? null, ...ids },
    ...{ rule_name: first?.rule_name ?? null, phase: first?.phase_id ?? null },
    ...{ component: first?.component ?? null, component_id: first?.component_id ?? null },
    ...{ metric: first?.metric ?? null, value: first?.value ?? null },
    ...{ threshold: first?.threshold ?? null, raised_at: first?.raised_at ?? null },
    ...{ resolved_at: first?.resolved_at ?? null, count: alerts.length + more_count },
    ...{ alerts, more: content.more },
  };
}

/** The placeholders that there are, besides `tag.NAME`. */
export const PLACEHOLDERS: readonly (keyof ReturnType<typeof fieldsOf>)[] = [
  ...(['id', 'kind', 'summary', 'severity', 'created_at', 'more_count', 'title', 'text'] as const),
  ...(['url', 'description', 'state', 'rule', 'job', 'rule_name', 'phase', 'component'] as const),
  ...(['component_id', 'metric', 'value', 'threshold', 'raised_at', 'resolved_at'] as const),
  ...(['count', 'alerts', 'more'] as const),
];

/** How values are spelled in bodies of a content type; null where Pipescope does not know. */
export function formatOf(contentType: string): BodyFormat | null {
  const type = /^([a-z0-9.+-]+\/[a-z0-9.+-]+)\s*(;\s*charset="?utf-8"?\s*)?$/i.exec(contentType);
  const media = type?.[1]?.toLowerCase();
  if (media === undefined) return null;
  if (media === 'application/json' || media.endsWith('+json')) return 'json';
  if (/^(text\/html|(text|application)\/xml)$/.test(media) || media.endsWith('+xml'))
    return 'markup';
  if (media === 'application/x-www-form-urlencoded') return 'form';
  return media === 'text/plain' ? 'text' : null;
}

export function fillIn(
  body: string,
  format: BodyFormat,
  content: NotificationContent,
  context: TextContext,
): string {
  const fields = new Map<string, unknown>(Object.entries(fieldsOf(content, context)));
  const tags = new Map(Object.entries(content.alerts[0]?.tags ?? {}));
  return body.replace(PLACEHOLDER, (_, name: string) => {
    const key = name.trim();
    const value = TAG.test(key) ? (tags.get(key.slice(4)) ?? null) : (fields.get(key) ?? null);
    return value === null && !BARE.has(key) ? '' : spelled(value, format);
  });
}

function spelled(value: unknown, format: BodyFormat): string {
  if (format === 'json') return inJson(value);
  if (value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const plain = plainLines(text, LONGEST_VALUE);
  if (format === 'markup') return escaped(plain);
  return format === 'form' ? encodeURIComponent(plain) : plain;
}

/** Texts are spelled for between quotation marks, which the body has itself; numbers and lists stand alone. */
function inJson(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return JSON.stringify(cut(value, LONGEST_VALUE)).slice(1, -1);
}

/** What is wrong with a body; null for a good one. */
export function bodyFault(body: string, format: BodyFormat | null): string | null {
  for (const [, name = ''] of body.matchAll(PLACEHOLDER)) {
    const key = name.trim();
    if (!TAG.test(key) && !(PLACEHOLDERS as readonly string[]).includes(key))
      return `There is no placeholder "${printable(key)}". Choose from ${PLACEHOLDERS.join(', ')} and tag.NAME.`;
  }
  const rest = body.replace(PLACEHOLDER, '');
  if (format !== 'json' && /\{\{|\}\}/.test(rest))
    return 'Close every {{placeholder}} with two braces.';
  return format === 'json' ? jsonFault(body) : null;
}

/** Whether it is JSON whatever an alert says: filled in with texts that would break out. */
function jsonFault(body: string): string | null {
  for (const content of SAMPLES) {
    try {
      JSON.parse(fillIn(body, 'json', content, { notification_id: '"]\\', dashboardUrl: '"]\\' }));
    } catch {
      return 'Write JSON with texts between quotation marks: "text": "{{summary}}". {{value}}, {{threshold}}, {{count}}, {{more_count}}, {{alerts}} and {{more}} stand without.';
    }
  }
  return null;
}

const EMPTY = { severity: 'ERROR', summary: '"]\\', created_at: '"]\\', more: [] } as const;
const HOSTILE = '"]\\';
const SAMPLES: readonly NotificationContent[] = [
  { ...EMPTY, kind: 'digest', alerts: [], more: [], more_count: 0 },
  {
    ...{
      ...EMPTY,
      kind: 'raised',
      more_count: 1,
      more: [{ rule: null, rule_name: null, count: 1 }],
    },
    alerts: [
      {
        ...{ alert_id: HOSTILE, rule: HOSTILE, rule_name: HOSTILE, state: 'active' },
        ...{ severity: 'ERROR', title: HOSTILE, description: HOSTILE, component: HOSTILE },
        ...{ component_id: HOSTILE, metric: HOSTILE, value: 1.5, threshold: -1, job_id: HOSTILE },
        ...{ phase_id: HOSTILE, tags: {}, raised_at: HOSTILE, resolved_at: HOSTILE },
      },
    ],
  },
];
