/** Where buckets are kept that are no longer in memory. */

export interface SeriesArchive {
  /**
   * The buckets of a series at a tier that may hold something of `from` <= time <= `to`, as bytes of `writeBucket`;
   * a stretch can come in several pieces. What counts is what is stored at the call, not when it resolves.
   */
  read(id: number, tier: number, range: { from: number; to: number }): Promise<Uint8Array[]>;
  readonly bytes: number;
}

/** For a store that lives in memory only. */
export const NO_ARCHIVE: SeriesArchive = {
  read: () => Promise.resolve([]),
  bytes: 0,
};
