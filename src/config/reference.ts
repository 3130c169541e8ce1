import type { Option } from './option.js';
import { optionGroups } from './options.js';

/** All settings as plain text, for `--help`; `width` in characters. */
export function settingsHelp(width = 100): string {
  const groups = optionGroups.map(({ title, options }) => {
    const lines = Object.values(options).map((option) => {
      const text = `${plain(option.description)} ${plain(defaultOf(option))}`.trim();
      return `  ${option.env.join(', ')}\n${wrap(text, width - 6, '      ')}`;
    });
    return `${title}:\n${lines.join('\n')}`;
  });
  return `Settings (environment variables):\n\n${groups.join('\n\n')}\n`;
}

/** The page docs/settings.md. */
export function settingsReference(): string {
  const groups = optionGroups.map(({ title, options }) => {
    const rows = Object.values(options).map(
      (option) =>
        `| ${option.env.map((name) => `\`${name}\``).join(', ')} | ${cell(option)} | ${option.key ? `\`${option.key}\`` : ''} |`,
    );
    return [`## ${title}`, '', '| Variable | Meaning | In CONFIG |', '|---|---|---|', ...rows].join('\n');
  });
  return `${introduction}\n${groups.join('\n\n')}\n\n${configSection}`;
}

function cell(option: Option): string {
  const parts = [
    option.description,
    option.choices && `One of ${option.choices.map((choice) => `\`${choice}\``).join(', ')}.`,
    defaultOf(option),
    option.example && `Example: \`${option.example}\`.`,
    option.secret && 'Secret.',
  ];
  return parts.filter(Boolean).join(' ').replaceAll('|', '\\|');
}

function defaultOf(option: Option): string {
  if (option.defaultText !== undefined) return `Default: ${option.defaultText}.`;
  return option.default ? `Default: \`${option.default}\`.` : '';
}

function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}

function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => indent + one).join('\n');
}

const introduction = `# Settings

<!-- Made from src/config by its test: UPDATE_DOCS=1 npx vitest run test/unit/config/reference.test.ts -->

Settings come from the environment. An empty variable counts as not set, and spaces and line breaks around a value are
ignored. Lists are separated by commas. Durations have a unit: \`500ms\`, \`30s\`, \`5m\`, \`24h\`, \`7d\`. If settings are
wrong, or a variable with our prefix is not a setting, one message lists all problems, nothing is started, and the exit
code is 2.

To use a private certificate authority, set \`LAKEFS_MLFLOW_LAKEFS_CA_FILE\`, \`MLFLOW_TRACKING_SERVER_CERT_PATH\` or
\`LAKEFS_MLFLOW_QUEUE_CA_FILE\`, or \`NODE_EXTRA_CA_CERTS\`, which Node reads itself, for all servers at once.
`;

const configSection = `## CONFIG

A YAML file for several installations (a lakeFS server paired with an MLflow server) and for dataset rules. Its schema
is [config.schema.json](config.schema.json). \`\${NAME}\` is replaced by that environment variable, so that secrets need
not be in the file. Without \`installations\`, one called \`default\` comes from the environment.

\`\`\`yaml
# yaml-language-server: $schema=config.schema.json
installations:
  - name: prod
    lakefs:
      endpoint: https://lakefs.example.com
      accessKeyId: \${PROD_LAKEFS_KEY}
      secretAccessKey: \${PROD_LAKEFS_SECRET}
    mlflow:
      trackingUri: https://mlflow.example.com
      token: \${PROD_MLFLOW_TOKEN}
    hookTokens: ["\${PROD_HOOK_TOKEN}"]
    experiments: ["prod-*"]
  - name: lab
    lakefs:
      endpoint: http://lakefs.lab:8000
      accessKeyId: \${LAB_LAKEFS_KEY}
      secretAccessKey: \${LAB_LAKEFS_SECRET}
    mlflow:
      trackingUri: https://mlflow.example.com
      token: \${LAB_MLFLOW_TOKEN}
    hookTokens: ["\${LAB_HOOK_TOKEN}"]
    experiments: ["lab-*"]
    mode: observe
datasets:
  - repository: images
    path: gold/train_v*/
    name: train
layouts:
  - name: TileDB array
    markers: [__schema/, __fragments/]
\`\`\`

- The addresses, credentials and hook tokens of these installations come from the file alone. Anything else that it
  leaves out is taken from the environment.
- The action of each lakeFS calls \`/hooks/lakefs\` or \`/hooks/lakefs/<name>\`. A hook token belongs to one installation.
- If two installations share an MLflow server and may watch repositories with the same name, their \`experiments\` must
  not overlap: otherwise both would tag the same runs.
- In \`datasets\`, the first rule whose \`repository\` and \`path\` match gives the dataset its name.
- \`layouts\` adds layouts to [the built-in ones](datasets.md).
`;
