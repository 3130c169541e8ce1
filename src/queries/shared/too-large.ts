/** Why nothing is known of a run that a search left out. */
export const tooLargeReason = 'MLflow cannot serve the run: it is over 200 MB, or MLflow fails to read it';
