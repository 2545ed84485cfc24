/** From what Linux counts of waiting up to what waited in the last second. */
import type { HostValues } from './hostMetrics.ts';
import { Rate } from './hostRates.ts';
import { pageBytes } from './pageSize.ts';
import {
  type CoreTicks,
  type DiskWork,
  parseCores,
  parseDiskWork,
  parsePackets,
  parsePaging,
  parsePressureTotals,
  parseSegments,
} from './hostWaitTexts.ts';

const MB = 1024 * 1024;
const PERCENT = 100;
/** Microseconds a second make a percent. */
const STALL = PERCENT / 1e6;

const capped = (percent: number | null): number | null =>
  percent === null ? null : Math.min(PERCENT, percent);
const times = (rate: number | null, factor: number): number | null =>
  rate === null ? null : rate * factor;

/** Share of the time since the last look in which something (`some`) or all that had work (`full`) waited. */
export class Stalls {
  readonly #what: 'cpu' | 'io' | 'memory';
  readonly #some = new Rate();
  readonly #full = new Rate();

  constructor(what: 'cpu' | 'io' | 'memory') {
    this.#what = what;
  }

  add(text: string, elapsed: number): HostValues {
    const { some, full } = parsePressureTotals(text);
    const name = `host_stall_${this.#what}` as const;
    const values: HostValues = {
      [`${name}_percent`]: capped(times(this.#some.add(some, elapsed), STALL)),
    };
    // All of a machine never waits for its CPU: one runs.
    if (full === null || this.#what === 'cpu') return values;
    const all = capped(times(this.#full.add(full, elapsed), STALL));
    return { ...values, [`${name}_full_percent`]: all };
  }
}

/** The busiest core, and the share of interrupts' second halves: the work of the network mostly. */
export class Cores {
  #before: readonly CoreTicks[] = [];

  add(text: string): HostValues {
    const cores = parseCores(text);
    const before = this.#before;
    this.#before = cores;
    // A core that came or went makes the lines another machine's.
    if (cores.length === 0 || before.length !== cores.length) return NO_CORES;
    const grown = cores.map((core, n) => difference(core, before[n]));
    const total = grown.reduce((sum, core) => sum + core.total, 0);
    if (total <= 0) return NO_CORES;
    const softirq = grown.reduce((sum, core) => sum + core.softirq, 0);
    const shares = grown.map((core) => (core.total > 0 ? core.busy / core.total : 0));
    return {
      host_cpu_core_max_percent: PERCENT * Math.min(1, Math.max(...shares)),
      host_cpu_softirq_percent: PERCENT * Math.min(1, softirq / total),
    };
  }
}

const NO_CORES: HostValues = { host_cpu_core_max_percent: null, host_cpu_softirq_percent: null };

function difference(now: CoreTicks, before: CoreTicks | undefined): CoreTicks {
  const of = (key: keyof CoreTicks): number => Math.max(0, now[key] - (before?.[key] ?? now[key]));
  return { busy: of('busy'), total: of('total'), softirq: of('softirq') };
}

/** The busiest disk's time with work, and how long a request took on average. */
export class Disks {
  #before = new Map<string, DiskWork>();
  #at = 0;

  add(text: string, elapsed: number, counts: (name: string) => boolean): HostValues {
    const disks = parseDiskWork(text, counts);
    const [before, took] = [this.#before, elapsed - this.#at];
    [this.#before, this.#at] = [disks, elapsed];
    const known = [...disks].flatMap(([name, work]) => {
      const held = before.get(name);
      return held && held.requests <= work.requests ? [{ work, held }] : [];
    });
    if (known.length === 0 || took <= 0)
      return { host_disk_busy_percent: null, host_disk_wait_ms: null };
    const sum = (of: (work: DiskWork) => number): number =>
      known.reduce((all, { work, held }) => all + Math.max(0, of(work) - of(held)), 0);
    const requests = sum((work) => work.requests);
    const busiest = Math.max(...known.map(({ work, held }) => work.busy_ms - held.busy_ms));
    return {
      host_disk_busy_percent: PERCENT * Math.min(1, Math.max(0, busiest / took)),
      // Without requests nobody waited.
      host_disk_wait_ms: requests === 0 ? 0 : sum((work) => work.waited_ms) / requests,
    };
  }
}

export class PacketRates {
  readonly #bytes = new Rate();
  readonly #packets = new Rate();

  add(text: string, elapsed: number): HostValues {
    const { loopback_bytes, packets } = parsePackets(text);
    return {
      host_loopback_mb_s: times(this.#bytes.add(loopback_bytes, elapsed), 1 / MB),
      host_packets_per_s: this.#packets.add(packets, elapsed),
    };
  }
}

/** Fewer sent segments a second say nothing of the line. */
const LEAST_SEGMENTS = 50;

export class Retransmits {
  readonly #sent = new Rate();
  readonly #again = new Rate();

  add(text: string, elapsed: number): HostValues {
    const told = parseSegments(text);
    if (told === null) return { host_tcp_retransmits_percent: null };
    const sent = this.#sent.add(told.sent, elapsed);
    const again = this.#again.add(told.again, elapsed);
    if (sent === null || again === null) return { host_tcp_retransmits_percent: null };
    const percent = sent < LEAST_SEGMENTS ? 0 : (PERCENT * again) / sent;
    return { host_tcp_retransmits_percent: capped(percent) };
  }
}

export class PagingRates {
  readonly #swapped = new Rate();
  readonly #refaulted = new Rate();

  add(text: string, elapsed: number): HostValues {
    const { swapped, refaulted } = parsePaging(text);
    return {
      host_swap_mb_s: times(this.#swapped.add(swapped, elapsed), pageBytes() / MB),
      host_refaults_per_s: this.#refaulted.add(refaulted, elapsed),
    };
  }
}
