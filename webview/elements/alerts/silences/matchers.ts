import type { AlertRecord } from '../../../../service/protocol/record.ts';
import type { Matcher } from '../../../../service/protocol/silence.ts';

/** What silences this alert and those like it: the same rule, pipeline and subject, whichever run. */
export function matchersOf(alert: AlertRecord, pipeline: string | null): Matcher[] {
  const { rule, title, component, component_id, phase_id } = alert;
  const worker = component === 'worker' ? component_id : null;
  const fields: [string, string | null][] = [
    ['rule', rule],
    ['title', rule === null ? title : null],
    ['pipeline', pipeline],
    ['phase_id', phase_id],
    ['worker_id', worker],
    [
      'component_id',
      phase_id === null && worker === null && pipeline === null ? component_id : null,
    ],
  ];
  return fields.flatMap(([field, value]) =>
    value === null || value === '' ? [] : [{ field, op: '=' as const, value: value.slice(0, 256) }],
  );
}
