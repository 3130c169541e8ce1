/** Why nothing is known of a run that a search left out. */
export const tooLargeReason = 'the run is too large to be read: MLflow answers with more than 200 MB for it';
