/** How long and how many the things may be that we write to MLflow: users and programs rely on these (docs/tags.md). */
export const limits = {
  /** Code points of the name of a catalog run. */
  runName: 200,
  /** Code points of a commit's message that are kept. */
  message: 4_000,
  /** MLflow cuts a tag's value at 8,000 characters without a word, in the middle of the Markdown. */
  note: 7_900,
  /** UTF-16 units of any other value that MLflow may cut without harm to its beginning. */
  tagValue: 8_000,
  /** For values that nothing may cut: older stores of MLflow take 5,000 characters. In bytes for `lakefs.links`. */
  wholeValue: 4_900,
  /** Branches in `lakefs.promoted_to`: a branch's name has at most 255 characters. */
  promotedTo: 18,
  /** More commits than this are counted on a consumer's run, not named. */
  inputTags: 100,
  /** MLflow takes 5,000 characters for the value of an experiment's tag. */
  horizonPiece: 5_000,
  /** More guessed datasets than this per commit are noise: their common parents stand for them. */
  datasets: 20,
  /** Datasets that a rule or a marker proves: so many are kept. MLflow takes 1,000 inputs in one request. */
  provenDatasets: 500,
  /** The last date that JavaScript and Python both print, Unix ms. */
  time: 253_402_300_799_000,
} as const;
