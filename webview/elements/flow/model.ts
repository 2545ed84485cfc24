import { type Drawing, draw } from './drawing.ts';
import { type FlowPhase, type Graph, graphOf, type Observed, sameStructure } from './graph.ts';
import { type Folds, type Group, groupsOf, type Visible, visibleOf } from './groups.ts';
import type { Need } from './layout.ts';
import { Slices } from './slices.ts';

export interface Input {
  phases: readonly FlowPhase[];
  observed: Observed;
  folds: Folds;
  /** Pixels there are for the graph, and pixels a label needs. */
  width: number;
  need: Need;
}

/** Keeps the newest drawing of a run: made anew only when its structure, its folds or the width change. */
export class FlowModel {
  /** The last one that is complete: shown until the next one is. */
  drawing: Drawing | null = null;
  /** The share of the next drawing that is done, 0 to 1; null while none is being made. */
  progress: number | null = null;
  readonly #changed: () => void;
  readonly #slices = new Slices<Drawing>();
  #phases: readonly FlowPhase[] = [];
  #observed: Observed = [];
  #shape: { graph: Graph; groups: readonly Group[] } | undefined;
  #visible: Visible | undefined;
  #key = '';

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get graph(): Graph | undefined {
    return this.#shape?.graph;
  }

  get groups(): readonly Group[] {
    return this.#shape?.groups ?? [];
  }

  /** What the graph is made of, without drawing it. */
  know(phases: readonly FlowPhase[], observed: Observed): void {
    if (
      this.#shape !== undefined &&
      observed === this.#observed &&
      sameStructure(phases, this.#phases)
    )
      return;
    const graph = graphOf(phases, observed);
    this.#shape = { graph, groups: groupsOf(graph) };
    this.#observed = observed;
    this.#visible = undefined;
    this.#phases = phases;
  }

  update({ phases, observed, folds, width, need }: Input): void {
    this.know(phases, observed);
    const key = JSON.stringify([folds, width]);
    if (this.#shape === undefined || (this.#visible !== undefined && key === this.#key)) return;
    const { graph, groups } = this.#shape;
    this.#key = key;
    this.#visible = visibleOf(graph, groups, folds);
    const plan = { graph, groups, visible: this.#visible, width, need };
    this.#slices.start(draw(plan), {
      progress: (share) => {
        this.progress = share;
        this.#changed();
      },
      done: (drawing) => {
        const late = this.progress !== null;
        this.drawing = drawing;
        this.progress = null;
        if (late) this.#changed();
      },
    });
  }

  /** Stops a drawing that is being made. */
  cancel(): void {
    this.#slices.cancel();
    this.progress = null;
    this.#key = '';
    this.#visible = undefined;
  }

  /** Another run: nothing of this one is shown any more. */
  forget(): void {
    this.cancel();
    this.drawing = null;
    this.#shape = undefined;
    this.#phases = [];
  }
}
