/** Changes of level in words (service/analysis/changes). */
import { t } from '@vscode/l10n';
import { duration, memory, percent } from '../../service/protocol/describe.ts';
import { numberOf, plain, type Said, whole, withNumbers } from './said.ts';

interface Words {
  title: (what: string) => string;
  sentence: (what: string, run: string, levels: string) => string;
}

/** By class. */
const WORDS: Readonly<Record<string, Words>> = {
  slower: {
    title: (what) => t('{0} is slower', what),
    sentence: (...of) => t('{0} is slower since run #{1}: {2}.', ...of),
  },
  faster: {
    title: (what) => t('{0} is faster', what),
    sentence: (...of) => t('{0} is faster since run #{1}: {2}.', ...of),
  },
  'more memory': {
    title: (what) => t('{0} uses more memory', what),
    sentence: (...of) => t('{0} uses more memory since run #{1}: {2}.', ...of),
  },
  'less memory': {
    title: (what) => t('{0} uses less memory', what),
    sentence: (...of) => t('{0} uses less memory since run #{1}: {2}.', ...of),
  },
  'more CPU': {
    title: (what) => t('{0} uses more CPU', what),
    sentence: (...of) => t('{0} uses more CPU since run #{1}: {2}.', ...of),
  },
  'less CPU': {
    title: (what) => t('{0} uses less CPU', what),
    sentence: (...of) => t('{0} uses less CPU since run #{1}: {2}.', ...of),
  },
  'more errors': {
    title: (what) => t('{0} has more errors', what),
    sentence: (...of) => t('{0} has more errors since run #{1}: {2}.', ...of),
  },
  'fewer errors': {
    title: (what) => t('{0} has fewer errors', what),
    sentence: (...of) => t('{0} has fewer errors since run #{1}: {2}.', ...of),
  },
};

const nameOf = ({ phase_id, pipeline }: Said): string => phase_id ?? pipeline ?? '';

export function changeTitle(one: Said): string | null {
  return WORDS[one.class]?.title(nameOf(one)) ?? null;
}

export function changeSentence(one: Said): string | null {
  const words = WORDS[one.class];
  if (words === undefined) return null;
  return withNumbers(one.evidence, ['run', 'before', 'after'], (run, before, after) => {
    const by = numberOf(one.evidence, 'percent');
    const levels = [shown(before, one), '->', shown(after, one)].join(' ');
    return words.sentence(
      nameOf(one),
      whole(run),
      by === null ? levels : `${levels}, ${by < 0 ? '-' : '+'}${percent(Math.abs(by))}`,
    );
  });
}

function shown(value: number, { metric }: Said): string {
  switch (metric) {
    case 'execution_time':
      return duration(value);
    case 'memory_usage':
      return memory(value);
    case 'cpu_usage':
      return percent(value);
    default: {
      const errors = plain(value, { most: 1 });
      return value === 1 ? t('{0} error', errors) : t('{0} errors', errors);
    }
  }
}
