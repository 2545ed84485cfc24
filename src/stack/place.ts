import type { Frame } from './frame.ts';
import { isLibrary } from './parse.ts';

/** A frame whose file is there; `uri` is whatever the caller names files by. */
export interface Place<U> {
  frame: Frame;
  uri: U;
  inWorkspace: boolean;
}

/** Finds the file of a frame: undefined where there is none. */
export type FindFile<U> = (file: string) => Promise<{ uri: U; inWorkspace: boolean } | undefined>;

const MOST_PLACES = 20;

/** The frames whose files exist, innermost first. */
export async function findPlaces<U>(
  frames: readonly Frame[],
  find: FindFile<U>,
): Promise<Place<U>[]> {
  const places = await Promise.all(
    frames.slice(0, MOST_PLACES).map(async (frame) => {
      const found = await find(frame.file);
      return found && { frame, ...found };
    }),
  );
  return places.filter((place) => place !== undefined);
}

/** Where to look first: the innermost frame of a person's own code in the workspace, else the innermost in it at all. */
export function choosePlace<U>(places: readonly Place<U>[]): Place<U> | undefined {
  const inside = places.filter((place) => place.inWorkspace);
  return inside.find((place) => !isLibrary(place.frame.file)) ?? inside[0];
}
