// Preloaded into the service: on SIGUSR2 it writes down which functions have run since the last time (NODE_V8_COVERAGE).
import { takeCoverage } from 'node:v8';

process.on('SIGUSR2', () => takeCoverage());
