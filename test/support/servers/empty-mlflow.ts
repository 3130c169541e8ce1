import { copyDatabase } from './copy-database.js';
import { realServers } from './real-servers.js';

// Each file finds its MLflow as it was when it had just started. What other files leave there costs each listing time, and
// the order of files would matter: how far sweeps have come is kept there too.
const { python, database } = realServers().mlflow;
copyDatabase(python, database.empty, database.file);
