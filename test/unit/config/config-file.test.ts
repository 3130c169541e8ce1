import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type Environment, enough, load, problemsOf } from './fixtures.js';

const path = '/etc/lakefs-mlflow.yaml';

function installation(name: string, changes: object = {}): object {
  return {
    name,
    lakefs: { endpoint: `http://${name}:8000/api/v1`, accessKeyId: 'key', secretAccessKey: 'secret' },
    mlflow: { trackingUri: `http://${name}:5000/` },
    ...changes,
  };
}

/** How CONFIG names a variable of the environment. */
function variable(name: string): string {
  return `\${${name}}`;
}

function withConfig(config: unknown, env: Environment = {}): Parameters<typeof load> {
  const text = typeof config === 'string' ? config : stringify(config);
  return [{ LAKEFS_MLFLOW_CONFIG: path, ...env }, { [path]: text }];
}

describe('CONFIG', () => {
  test('makes several installations, each with its own servers, tokens, filters and rules', () => {
    const rule = { repository: 'images', path: 'gold/*/', name: 'gold' };
    const common = { repository: '*', path: 'raw/' };
    const config = {
      installations: [
        installation('prod', {
          hookTokens: [variable('PROD_TOKEN')],
          repositories: ['images'],
          mode: 'observe',
          tagModels: false,
          datasets: [rule],
        }),
        installation('lab', { mlflow: { trackingUri: 'http://lab:5000', timeout: '5s', maxInFlight: 2 } }),
      ],
      datasets: [common],
    };
    const env = {
      PROD_TOKEN: 'a: "b" #c'.replaceAll(' ', '_'),
      LAKEFS_MLFLOW_CATALOG: 'data',
      LAKEFS_MLFLOW_TAG_MODELS: 'yes',
    };
    const [prod, lab] = load(...withConfig(config, env)).installations;
    expect(prod).toMatchObject({
      name: 'prod',
      lakefs: { endpoint: 'http://prod:8000' },
      mlflow: { trackingUri: 'http://prod:5000', timeoutMs: 30_000 },
      hookTokens: ['a:_"b"_#c'],
      repositories: ['images'],
      branches: ['*'],
      promotedBranches: [],
      mode: 'observe',
      tagModels: false,
      catalog: 'data',
      rules: [rule, common],
    });
    expect(lab).toMatchObject({
      mlflow: { timeoutMs: 5_000, maxInFlight: 2 },
      hookTokens: [],
      mode: 'write',
      tagModels: true,
      rules: [common],
    });
  });

  test('without installations adds its rules to the one that the environment makes', () => {
    const rule = { repository: 'images', path: 'gold/' };
    expect(load(...withConfig({ datasets: [rule] }, enough)).installations).toMatchObject([
      { name: 'default', lakefs: { endpoint: 'http://lakefs:8000' }, rules: [rule] },
    ]);
  });

  test('adds layouts of datasets, of an installation and for all', () => {
    const own = { name: 'TileDB', markers: ['__schema/'] };
    const common = { name: 'Scans', beside: { one: ['left/'], other: ['right/'] }, dataset: false };
    const config = { installations: [installation('lab', { layouts: [own] })], layouts: [common] };
    expect(load(...withConfig(config)).installations).toMatchObject([{ layouts: [own, common] }]);
    expect(load(...withConfig({ layouts: [own] }, enough)).installations).toMatchObject([{ layouts: [own] }]);
  });

  test('gives no key, token or address of the environment to its installations', () => {
    const env = {
      ...enough,
      MLFLOW_TRACKING_TOKEN: 'env-token',
      MLFLOW_WORKSPACE: 'env-space',
      LAKEFSACTION_BRIDGE_TOKEN: 'env-hook',
      LAKEFS_MLFLOW_HOOK_TOKENS: 'env-hook-2',
    };
    const [prod] = load(...withConfig({ installations: [installation('prod')] }, env)).installations;
    expect(prod).toMatchObject({ hookTokens: [], lakefs: { accessKeyId: 'key' } });
    expect(JSON.stringify(prod)).not.toContain('env-');
  });

  test('moves credentials out of addresses', () => {
    const config = { installations: [installation('prod', { mlflow: { trackingUri: variable('URI') } })] };
    const { installations } = load(...withConfig(config, { URI: 'https://jane:pw@mlflow' }));
    expect(installations[0]!.mlflow).toMatchObject({
      trackingUri: 'https://mlflow',
      username: 'jane',
      password: 'pw',
    });
  });
});

describe('CONFIG is refused, with the place and without the value,', () => {
  const missing = installation('prod', { mlflow: {} });
  test.each<[string, unknown, string[]]>([
    ['that is not YAML', 'installations: [CANARY', ['CONFIG is not valid YAML at line 1']],
    ['that is a text', 'CANARY', ['CONFIG must be a map of settings (KEY: VALUE)']],
    ['with aliases that unfold without end', 'a: &a [x, x]\ninstallations: *nothing', ['aliases']],
    ['with no installation in the list', { installations: [] }, ['CONFIG installations must NOT have fewer']],
    [
      'with unknown keys',
      { instalations: 'CANARY', installations: [installation('prod', { repositorys: ['CANARY'] })] },
      [
        'CONFIG has no setting "instalations"; did you mean "installations"?',
        'CONFIG installations[0] has no setting "repositorys"; did you mean "repositories"?',
      ],
    ],
    [
      'without an address',
      { installations: [missing] },
      ['CONFIG installations[0].mlflow lacks "trackingUri"'],
    ],
    [
      'with a wrong choice',
      { installations: [installation('prod', { mode: 'CANARY' })] },
      ['must be one of write, observe'],
    ],
    [
      'with a wrong type',
      { installations: [installation('prod', { tagModels: 'CANARY' })] },
      ['[0].tagModels must be true or false'],
    ],
    [
      'with a name that fits no address',
      { installations: [installation('Prod CANARY')] },
      ['[0].name must match pattern'],
    ],
    [
      'with variables that are not set',
      {
        installations: [
          installation('prod', {
            hookTokens: [variable('ONE'), variable('TWO')],
            mlflow: { trackingUri: variable('TWO') },
          }),
        ],
      },
      [
        `CONFIG uses ${variable('ONE')}, which is not set`,
        `CONFIG uses ${variable('TWO')}, which is not set`,
      ],
    ],
    [
      'with wrong values inside',
      {
        installations: [
          installation('prod', {
            mlflow: { trackingUri: 'sqlite:///CANARY', timeout: 'CANARY' },
            catalog: '/',
          }),
        ],
      },
      [
        'CONFIG installation "prod": mlflow.trackingUri must be an address',
        'CONFIG installation "prod": mlflow.timeout must be a number with a unit',
        'CONFIG installation "prod": catalog must contain more than slashes',
      ],
    ],
    [
      'with a rule that has no path',
      { datasets: [{ repository: 'images' }] },
      ['CONFIG datasets[0] lacks "path"'],
    ],
    [
      'with a layout that says nothing',
      { layouts: [{ name: 'x', dataset: false }] },
      ['CONFIG layouts[0] needs at least one of markers, folders and beside'],
    ],
    [
      'with a layout whose marker is in no folder of the dataset',
      { layouts: [{ name: 'x', markers: ['/etc/'] }] },
      ['CONFIG layouts[0].markers[0] must match pattern'],
    ],
  ])('%s', (_, config, expected) => {
    const problems = problemsOf(
      ...withConfig(config, config && typeof config === 'object' && 'installations' in config ? {} : enough),
    );
    expect(problems).toHaveLength(expected.length);
    for (const words of expected) expect(problems.join('\n')).toContain(words);
    expect(problems.join('\n')).not.toContain('CANARY');
  });
});

describe('two installations', () => {
  const shared = { mlflow: { trackingUri: 'http://mlflow:5000' } };
  const two = (a: object, b: object) =>
    problemsOf(
      ...withConfig({
        installations: [installation('a', { ...shared, ...a }), installation('b', { ...shared, ...b })],
      }),
    );

  test.each<[string, object, object]>([
    ['other MLflow servers', {}, { mlflow: { trackingUri: 'http://other:5000' } }],
    ['other workspaces', {}, { mlflow: { ...shared.mlflow, workspace: 'b' } }],
    ['other repositories', { repositories: ['x', 'y'] }, { repositories: ['z'] }],
    ['other experiments', { experiments: ['a-*'] }, { experiments: ['b-*', 'c'] }],
    ['what the one takes left out by the other', { experiments: ['a-*'] }, { experiments: ['!a-*'] }],
  ])('may have %s', (_, a, b) => {
    expect(two(a, b)).toEqual([]);
  });

  test.each<[string, object, object]>([
    ['all repositories and experiments', {}, {}],
    ['one repository', { repositories: ['x', 'y'] }, { repositories: ['y'] }],
    ['patterns that meet', { experiments: ['a*'] }, { experiments: ['*b'] }],
    ['patterns of which one leaves out too little', { experiments: ['a*'] }, { experiments: ['!a-?'] }],
  ])('on one MLflow server must not both watch %s', (_, a, b) => {
    expect(two(a, b)).toEqual([expect.stringContaining('installations "a" and "b" share an MLflow server')]);
  });

  test('must not have a name or a hook token in common', () => {
    const apart = { experiments: ['x'] };
    const same = { name: 'a', hookTokens: ['CANARY', 'other'] };
    expect(
      two({ hookTokens: ['CANARY'] }, { ...apart, ...same, mlflow: { trackingUri: 'http://other' } }),
    ).toEqual([
      'CONFIG has two installations called "a"',
      expect.stringMatching(/hook token in common(?!.*CANARY)/),
    ]);
  });
});
