import { lakefsOptions, mlflowOptions } from './connection-options.js';
import { didYouMean } from './did-you-mean.js';
import { type Option, prefix } from './option.js';
import { serviceOptions } from './service-options.js';
import { watchOptions } from './watch-options.js';

/** Every setting there is, in the order of the reference. */
export const optionGroups: readonly {
  readonly title: string;
  readonly options: Readonly<Record<string, Option>>;
}[] = [
  { title: 'lakeFS', options: lakefsOptions },
  { title: 'MLflow', options: mlflowOptions },
  { title: 'What is watched and written', options: watchOptions },
  { title: 'The service', options: serviceOptions },
];

export const allOptions: readonly Option[] = optionGroups.flatMap(({ options }) => Object.values(options));

/**
 * Kubernetes puts these into every pod beside a Service called `lakefs-mlflow`
 * (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
 */
const serviceLink =
  /^LAKEFS_MLFLOW_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;
/** Read by the scripts of this project, not by the service. */
const scripts = /^LAKEFS_MLFLOW_(TEST|DEMO|BENCH)_/;

type Environment = Readonly<Record<string, string | undefined>>;

/** A variable with our prefix that is no setting is most likely a mistyped one, which would be silently without effect. */
export function unknownNames(env: Environment): string[] {
  const known = allOptions.flatMap((option) => option.env);
  return Object.keys(env)
    .filter((name) => name.startsWith(prefix) && !known.includes(name))
    .filter((name) => !serviceLink.test(name) && !scripts.test(name))
    .sort()
    .map((name) => `${name} is not a setting${didYouMean(name, known)}`);
}

/** The environment without the `LAKEFS_MLFLOW_PORT=tcp://…` that Kubernetes makes of the same Service. */
export function withoutServiceLinks(env: Environment): Environment {
  if (!/^(tcp|udp|sctp):\/\//.test(env.LAKEFS_MLFLOW_PORT ?? '')) return env;
  const { LAKEFS_MLFLOW_PORT: _, ...rest } = env;
  return rest;
}
