import { lakefsOptions, mlflowOptions } from './connection-options.js';
import type { Option } from './option.js';
import { watchOptions } from './watch-options.js';

/** Every option that an installation of CONFIG may have. */
const installationOptions: readonly Option[] = [lakefsOptions, mlflowOptions, watchOptions].flatMap(
  (group): readonly Option[] => Object.values(group),
);

const datasets = {
  type: 'array',
  description:
    'Names datasets by hand, before anything is guessed from the paths; the first matching rule counts.',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['repository', 'path'],
    properties: {
      repository: {
        type: 'string',
        minLength: 1,
        description: 'Name of the repository; `*` and `?` allowed.',
      },
      path: {
        type: 'string',
        minLength: 1,
        description: 'Path of the dataset such as `gold/train_v2/`; `*` and `?` allowed.',
      },
      name: { type: 'string', minLength: 1, description: 'What the dataset is called in MLflow.' },
    },
  },
};

/** Names, each of a file or of a folder, joined by slashes. */
const namePatterns = {
  type: 'array',
  minItems: 1,
  items: { type: 'string', pattern: '^[^/!][^/]*(/[^/]+)*/?$' },
};

const layouts = {
  type: 'array',
  description:
    'Layouts of datasets, tried before the built-in ones (docs/datasets.md). In a pattern `*` matches any characters of a name and `#` digits; the name of a folder ends in a slash.',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    anyOf: [{ required: ['markers'] }, { required: ['folders'] }, { required: ['beside'] }],
    properties: {
      name: {
        type: 'string',
        minLength: 1,
        description: 'Name of the layout, shown with its datasets.',
      },
      markers: {
        ...namePatterns,
        description:
          'Files or folders found only in the folder of such a dataset, such as `_log/` or `meta/*.json`.',
      },
      folders: {
        ...namePatterns,
        description: 'Name of the folder of such a dataset, such as `*.tiledb`.',
      },
      beside: {
        type: 'object',
        additionalProperties: false,
        required: ['one', 'other'],
        description: 'A folder of `one` beside a folder of `other`: the folder above them is the dataset.',
        properties: { one: namePatterns, other: namePatterns },
      },
      dataset: { type: 'boolean', description: '`false`: a folder with this layout is not a dataset.' },
    },
  },
};

/** The JSON schema of CONFIG, made from the table of options; published as docs/config.schema.json. */
export function configSchema() {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'lakefs-mlflow CONFIG',
    description:
      'Installations and dataset rules. Texts may contain environment variables: a dollar sign, then the name in braces.',
    type: 'object',
    additionalProperties: false,
    properties: {
      installations: {
        type: 'array',
        minItems: 1,
        description:
          'Each pairs one lakeFS server with one MLflow server. If there are none, `default` comes from the environment.',
        items: installationSchema(),
      },
      datasets: {
        ...datasets,
        description: `For all installations, tried after their own. ${datasets.description}`,
      },
      layouts: {
        ...layouts,
        description: `For all installations, tried after their own. ${layouts.description}`,
      },
    },
  };
}

function installationSchema(): object {
  const sections = {
    lakefs: section('lakefs', ['endpoint', 'accessKeyId', 'secretAccessKey']),
    mlflow: section('mlflow', ['trackingUri']),
  };
  return {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'lakefs', 'mlflow'],
    properties: {
      name: {
        type: 'string',
        pattern: '^[a-z0-9][a-z0-9_-]{0,62}$',
        description:
          'Its name in addresses, job ids and catalogs; `default` is left out of the names of catalogs.',
      },
      ...sections,
      ...propertiesOf((key) => (key.includes('.') ? undefined : key)),
      datasets,
      layouts,
    },
  };
}

function section(name: string, required: readonly string[]): object {
  return {
    type: 'object',
    additionalProperties: false,
    required,
    properties: propertiesOf((key) => (key.startsWith(`${name}.`) ? key.slice(name.length + 1) : undefined)),
  };
}

function propertiesOf(pick: (key: string) => string | undefined): Record<string, object> {
  const properties: Record<string, object> = {};
  for (const option of installationOptions) {
    const key = option.key === undefined ? undefined : pick(option.key);
    if (key !== undefined) properties[key] = { ...typeOf(option), description: option.description };
  }
  return properties;
}

function typeOf({ type, choices, min, max }: Option): object {
  if (type === 'list') return { type: 'array', items: { type: 'string', minLength: 1 } };
  if (type === 'number') return { type: 'integer', minimum: min, maximum: max };
  if (type === 'yes-no') return { type: 'boolean' };
  if (type === 'choice') return { enum: choices };
  return { type: 'string', minLength: 1 };
}
