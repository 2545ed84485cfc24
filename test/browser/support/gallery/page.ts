/** Runs in the browser: a chart of each kind, of known data, in an app whose session talks to nobody. */
import { makeApp } from '../../../../webview/app.ts';
import type { HostRequest } from '../../../../service/protocol/frame.ts';
import { duration, memory, percent } from '../../../../service/protocol/describe.ts';
import '../../../../webview/controls.ts';
import '../../../../webview/theme.css';
import { type ChartSpec, LINE_COLORS, METRIC_COLORS } from '../../../../webview/charts/spec.ts';
import { PipescopeChart } from '../../../../webview/elements/chart/chart.ts';
import { Session } from '../../../../webview/session.ts';
import { Store } from '../../../../webview/store.ts';
import { followSystemTheme } from '../../../../webview/theme.ts';
import type { Transport } from '../../../../webview/transport.ts';

const requests: HostRequest[] = [];
const alone: Transport = {
  home: 'browser',
  start: () => undefined,
  send: () => false,
  request: (request) => void requests.push(request),
  get: () => undefined,
  setToken: () => undefined,
  loadState: () => null,
  saveState: () => undefined,
  stop: () => undefined,
};

/** 2026-09-20 08:00 UTC. */
const START = Date.UTC(2026, 8, 20, 8);
const MINUTE = 60_000;
/** Numbers that look like chance and are always the same (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const wave = (count: number, height: number, seed: number): { x: number; y: number | null }[] => {
  const next = chance(seed);
  return Array.from({ length: count }, (_, index) => ({
    x: START + (index * 10 * MINUTE) / (count - 1),
    y: height * (0.5 + 0.4 * Math.sin((index / count) * 9 + seed) + 0.1 * next()),
  }));
};

const gapped = wave(120, 90, 1).map((point, index) => ({
  ...point,
  y: index >= 40 && index < 50 ? null : index === 60 ? NaN : index === 61 ? Infinity : point.y,
}));
const span = { from: START, to: START + 10 * MINUTE };
const bands = [
  { label: 'P00', from: START, to: START + 3 * MINUTE },
  { label: 'P01', from: START + 3 * MINUTE, to: START + 7 * MINUTE },
  { label: 'P02', from: START + 7 * MINUTE, to: START + 10 * MINUTE },
];
const heavy = (count: number, seed: number): number[] => {
  const next = chance(seed);
  return Array.from({ length: count }, () => 800 - 900 * Math.log(1 - next()) * (seed / 2));
};

const SPECS: Record<string, ChartSpec> = {
  CPU: {
    ...{ kind: 'time', span, bands, say: percent },
    lines: [{ name: 'CPU', color: METRIC_COLORS.cpu, points: gapped }],
    marks: [{ label: 'usual 55 %', value: 55 }],
  },
  'Memory by worker': {
    ...{ kind: 'time', span, say: memory },
    lines: ['worker-1', '=worker "2"', 'worker-3'].map((name, index) => ({
      ...{
        name,
        color: LINE_COLORS[index] ?? METRIC_COLORS.other,
        points: wave(60, 900 * (index + 1), index),
      },
    })),
  },
  'Running tasks': {
    ...{
      kind: 'time',
      span,
      stacked: true,
      unit: 'tasks',
      say: (value) => (value === null ? '-' : `${Math.round(value)} tasks`),
    },
    lines: ['ocr', 'index', 'mail'].map((name, index) => ({
      ...{
        name,
        color: LINE_COLORS[index] ?? METRIC_COLORS.other,
        points: wave(60, 20, index + 4),
      },
    })),
  },
  'Time of nightly': {
    ...{ kind: 'runs', name: 'nightly', color: METRIC_COLORS.cpu, say: duration },
    runs: Array.from({ length: 40 }, (_, index) => ({
      ...{ label: `#${index + 1}`, detail: `day ${index + 1}`, jobId: `job-${index + 1}` },
      value: index === 20 ? null : 60_000 + 4_000 * Math.sin(index) + (index === 33 ? 70_000 : 0),
      ...(index < 5
        ? { median: null, low: null, high: null }
        : { median: 60_000, low: 57_000, high: 63_000 }),
      status: index === 12 ? 'failed' : index === 33 ? 'outlier' : index === 39 ? 'other' : 'ok',
    })),
  },
  'Time by phase': {
    ...{ kind: 'bars', say: duration, categories: ['Read', 'Split', '<b>Index</b>', 'Mail'] },
    bars: [
      { name: 'this run', color: METRIC_COLORS.cpu, values: [12_000, 31_000, null, 4_000] },
      { name: 'usual', color: METRIC_COLORS.memory, values: [10_000, 30_000, 22_000, NaN] },
    ],
  },
  'Tasks by worker': {
    ...{
      kind: 'bars',
      horizontal: true,
      stacked: true,
      unit: 'tasks',
      say: (value) => (value === null ? '-' : `${value} tasks`),
    },
    categories: [
      'worker-1',
      'worker-2',
      'a worker with a very long name that nobody can read in one line',
    ],
    bars: [
      { name: 'done', color: METRIC_COLORS.gpu, values: [120, 90, 40] },
      { name: 'failed', color: METRIC_COLORS.bad, values: [3, 12, 0] },
    ],
  },
  'Times as boxes': {
    ...{ kind: 'box', say: duration, color: METRIC_COLORS.memory },
    groups: ['Read', 'Split', 'Index'].map((name, index) => ({
      name,
      values: heavy(200, index + 2),
    })),
  },
  'Times as violins': {
    ...{ kind: 'violin', say: duration, color: METRIC_COLORS.disk },
    groups: ['Read', 'Split', 'Index', 'Once'].map((name, index) => ({
      name,
      values: index === 3 ? [3000] : heavy(200, index + 2),
    })),
  },
  'Phase by run': {
    ...{ kind: 'heatmap', say: duration, color: METRIC_COLORS.cpu },
    rows: ['Read', 'Split', 'Index'],
    columns: Array.from({ length: 12 }, (_, index) => `#${index + 1}`),
    cells: [0, 1, 2].map((row) =>
      Array.from({ length: 12 }, (_, index) =>
        row === 1 && index === 4 ? null : 1000 * (1 + row) + 300 * index,
      ),
    ),
    jobIds: [0, 1, 2].map(() => Array.from({ length: 12 }, (_, index) => `job-${index + 1}`)),
  },
  'Error rate': {
    ...{ kind: 'gauge', say: percent, value: 62, max: 100, color: METRIC_COLORS.gpu },
    bound: { value: 80, side: 'above' },
  },
  Nothing: {
    ...{ kind: 'time', span, say: percent },
    lines: [{ name: 'GPU', color: METRIC_COLORS.gpu, points: [{ x: START, y: null }] }],
  },
};

followSystemTheme();
document.documentElement.dataset['home'] = 'browser';
document.documentElement.lang = 'en';
const session = new Session(new Store(), alone);
const app = makeApp(session, []);
session.set({ range: { kind: 'between', ...span } });
const main = document.createElement('main');
const title = document.createElement('h1');
title.textContent = 'Charts';
main.append(title);
document.body.append(main);

function add(name: string, spec: ChartSpec | null): PipescopeChart {
  const chart = new PipescopeChart();
  Object.assign(chart, { app, name, chart: spec });
  main.append(chart);
  return chart;
}

const charts = new Map(Object.entries(SPECS).map(([name, spec]) => [name, add(name, spec)]));

/** Drawings of unchanged data, and the milliseconds of updates with new data. */
async function timed(): Promise<{ same: number; times: number[] }> {
  const memory = SPECS['Memory by worker'];
  if (memory?.kind !== 'time') throw new Error('There is no such chart.');
  const made = (seed: number): typeof memory => ({
    ...memory,
    lines: Array.from({ length: 6 }, (_, line) => ({
      ...{
        name: `line ${line}`,
        color: memory.lines[line % 3]?.color ?? ['--vscode-charts-blue', '#00f'],
      },
      points: wave(2_000, 800, line + seed),
    })),
  });
  const element = add('heavy', made(0));
  element.scrollIntoView();
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  while ((element.renderRoot.querySelector('canvas')?.width ?? 300) === 300) await frame();
  for (let settling = 0; settling < 3; settling++) await frame();
  let same = 0;
  const prototype = CanvasRenderingContext2D.prototype as { clearRect: (...all: number[]) => void };
  const clear = prototype.clearRect;
  prototype.clearRect = function (...all) {
    same++;
    clear.apply(this, all);
  };
  element.chart = made(0);
  await element.updateComplete;
  await frame();
  prototype.clearRect = clear;
  const times: number[] = [];
  for (let run = 1; run <= 30; run++) {
    const next = made(run);
    await frame();
    const start = performance.now();
    element.chart = next;
    await element.updateComplete;
    times.push(performance.now() - start);
  }
  return { same, times };
}

declare global {
  interface Window {
    gallery: typeof gallery;
  }
}
const gallery = { app, charts, requests, specs: SPECS, add, timed };
window.gallery = gallery;
