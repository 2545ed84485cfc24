import type { Finding } from '../../service/protocol/finding.ts';

/** A bottleneck that is so since `time` (epoch milliseconds), in phase P1 of job j1. */
export function foundAt(time: number, changes: Partial<Finding> = {}): Finding {
  const since = new Date(time).toISOString();
  return {
    ...{ finding_id: 'cpu/nightly/P1/1', kind: 'bottleneck', class: 'CPU' },
    ...{ title: 'P1 is held back by the CPU', sentence: 'All cores are busy; 3 tasks wait.' },
    ...{ since, noticed_at: since, until: null, ended_why: null },
    ...{ job_id: 'j1', pipeline: 'nightly', phase_id: 'P1', worker_id: null },
    ...{ metric: 'cpu_percent', unit: 'percent', labels: { source: 'host' } },
    ...{ value: 99, threshold: 85, measure: 70, impact: 0.7, confidence: 0.9, evidence: {} },
    ...changes,
  };
}
