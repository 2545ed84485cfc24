/** Drawings of a job's page: SVG in the page itself, without scripts. Texts are escaped by `escape`. */
import { duration, memory, percent, statusWord } from '../protocol/describe.ts';
import type { JobContents, PhaseSnapshot, ResourceSample } from '../protocol/record.ts';

const WIDTH = 1000;
const LABELS = 200;
const ROW = 20;
/** More rows than anybody looks through on paper; the table has them all. */
const MOST_ROWS = 300;
/** Points of a line: of each stretch the highest is drawn. */
const MOST_POINTS = 400;
const HEIGHT = 120;

type Escape = (text: string) => string;

/** Phases against time, each from its start to its end. Empty where nothing has started. */
export function timelineSvg(job: JobContents, escape: Escape): string {
  const started = job.phases.filter(({ started_at }) => started_at !== null);
  const times = started.flatMap(({ started_at, ended_at }) =>
    [started_at, ended_at].flatMap((time) => (time === null ? [] : [Date.parse(time)])),
  );
  if (times.length === 0) return '';
  const from = times.reduce((a, b) => Math.min(a, b));
  const heard = Date.parse(job.ended_at ?? job.last_seen_at);
  const last = times.reduce((a, b) => Math.max(a, b), Math.max(heard, from + 1));
  const shown = started.slice(0, MOST_ROWS);
  const x = (time: number): number =>
    LABELS + ((time - from) / (last - from)) * (WIDTH - LABELS - 80);
  const rows = shown.map((phase, row) => phaseRow(phase, { row, x, last, escape }));
  const left = started.length - shown.length;
  const note = left > 0 ? `<p>${left} more phases are in the table below.</p>` : '';
  return `${svg(shown.length * ROW + 4, 'Phases against time', rows.join('\n'))}${note}`;
}

interface RowPlace {
  row: number;
  x: (time: number) => number;
  last: number;
  escape: Escape;
}

function phaseRow(phase: PhaseSnapshot, { row, x, last, escape }: RowPlace): string {
  const begin = x(Date.parse(phase.started_at ?? ''));
  const end = Math.max(begin + 2, x(phase.ended_at === null ? last : Date.parse(phase.ended_at)));
  const y = row * ROW + 2;
  const name = phase.name === phase.phase_id ? phase.phase_id : `${phase.phase_id} ${phase.name}`;
  const said = `${duration(phase.execution_time_ms)}${phase.status === 'COMPLETED' ? '' : `, ${statusWord(phase.status)}`}`;
  return `<text x="0" y="${y + 13}">${escape(cut(name))}</text>
<rect class="${phase.status}" x="${begin.toFixed(1)}" y="${y + 2}" width="${(end - begin).toFixed(1)}" height="14"/>
<text x="${(end + 6).toFixed(1)}" y="${y + 13}">${escape(said)}</text>`;
}

/** Use of CPU and memory against time, each where it was measured. */
export function resourcesSvg(job: JobContents): string {
  const whole = job.resource_usage.filter(({ phase_id }) => phase_id === null);
  const samples = whole.length > 0 ? whole : job.resource_usage;
  return [
    line(samples, 'cpu_percent', { title: 'CPU', say: percent }),
    line(samples, 'memory_mb', { title: 'Memory', say: memory }),
  ].join('\n');
}

function line(
  samples: readonly ResourceSample[],
  metric: 'cpu_percent' | 'memory_mb',
  { title, say }: { title: string; say: (value: number) => string },
): string {
  const points = samples.flatMap((sample) => {
    const value = sample[metric];
    return value === undefined ? [] : [{ at: Date.parse(sample.time), value }];
  });
  points.sort((a, b) => a.at - b.at);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || first === last) return '';
  const highest = points.reduce((most, { value }) => Math.max(most, value), 0) || 1;
  const drawn = thin(points).map(({ at, value }) => {
    const x = ((at - first.at) / (last.at - first.at || 1)) * WIDTH;
    return `${x.toFixed(1)},${(HEIGHT - (value / highest) * (HEIGHT - 4) - 2).toFixed(1)}`;
  });
  const average = points.reduce((sum, { value }) => sum + value, 0) / points.length;
  const said = `${title}: average ${say(average)}, highest ${say(highest)}`;
  return `<h3>${said}</h3>\n${svg(HEIGHT, said, `<polyline class="line" points="${drawn.join(' ')}"/>`)}`;
}

/** Of each stretch the highest point, so that peaks stay. */
function thin<T extends { value: number }>(points: readonly T[]): readonly T[] {
  const width = Math.ceil(points.length / MOST_POINTS);
  if (width <= 1) return points;
  return Array.from({ length: Math.ceil(points.length / width) }, (_, n) =>
    points
      .slice(n * width, (n + 1) * width)
      .reduce((best, point) => (point.value > best.value ? point : best)),
  );
}

function svg(height: number, name: string, content: string): string {
  return `<svg role="img" aria-label="${name}" viewBox="0 0 ${WIDTH} ${height}">\n${content}\n</svg>`;
}

function cut(name: string): string {
  return name.length > 30 ? `${name.slice(0, 29)}…` : name;
}
