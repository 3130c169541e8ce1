import { lakefsOptions, mlflowOptions } from './connection-options.js';
import type { Option } from './option.js';
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
