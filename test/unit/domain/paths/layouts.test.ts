import { describe, expect, test } from 'vitest';
import { type Change, datasetPaths } from '../../../../src/domain/paths/dataset-paths.js';

function pathsOf(objects: readonly string[], around: Readonly<Record<string, readonly string[]>> = {}) {
  const changes = objects.map(
    (path): Change => ({ type: 'added', path, path_type: 'object', size_bytes: 1 }),
  );
  const options = { repository: 'repo', rules: [], around: new Map(Object.entries(around)) };
  return datasetPaths(changes, options).paths.map(({ path }) => path);
}

const flowers = ['train/rose/1.jpg', 'train/tulip/2.jpg', 'val/rose/3.jpg'].map((one) => `flowers/${one}`);

describe('what one finds in a commit, and what it is called', () => {
  test.each<[what: string, objects: readonly string[], paths: readonly string[]]>([
    ['class folders of splits', flowers, ['flowers/']],
    ['one class folder of one split', ['flowers/train/rose/1.jpg'], ['flowers/']],
    ['class folders without splits', ['pets/cat/1.jpg', 'pets/dog/2.png'], ['pets/']],
    ['class folders of sounds', ['esc50/rain/1.wav', 'esc50/dog/1.ogg'], ['esc50/']],
    ['splits of a table', ['churn/train/0.parquet', 'churn/test/0.parquet'], ['churn/']],
    ['splits in the root', ['train/0.parquet', 'validation/0.parquet'], ['']],
    [
      'a training set that is one of several',
      ['churn/train/0.parquet', 'churn/train_v2/0.parquet'],
      ['churn/train/', 'churn/train_v2/'],
    ],
    ['datasets on a shelf', ['gold/train/0.parquet', 'gold/test/0.parquet'], ['gold/test/', 'gold/train/']],
    [
      'collections of pictures on a shelf',
      ['raw/satellite/1.tif', 'raw/street/1.jpg'],
      ['raw/satellite/', 'raw/street/'],
    ],
    ['a zarr store by its name', ['era5/x.zarr/t2m/c/0/0'], ['era5/x.zarr/']],
    [
      'a zarr store by its markers',
      ['era5/store/zarr.json', 'era5/store/t2m/zarr.json', 'era5/store/t2m/c/0/0'],
      ['era5/store/'],
    ],
    ['attributes of a zarr store', ['era5/store/.zattrs'], ['era5/store/']],
    [
      'a DatasetDict',
      [
        'hf/imdb/dataset_dict.json',
        'hf/imdb/train/dataset_info.json',
        'hf/imdb/train/data-00000-of-00001.arrow',
        'hf/imdb/test/state.json',
        'hf/imdb/test/data-00000-of-00001.arrow',
      ],
      ['hf/imdb/'],
    ],
    ['a Dataset on disk', ['hf/imdb/dataset_info.json', 'hf/imdb/data-00000-of-00001.arrow'], ['hf/imdb/']],
    [
      'a Lance dataset',
      ['vec/emb.lance/data/1.lance', 'vec/emb.lance/_versions/1.manifest'],
      ['vec/emb.lance/'],
    ],
    [
      'a Lance dataset of another name',
      ['vec/emb/_versions/1.manifest', 'vec/emb/data/1.lance'],
      ['vec/emb/'],
    ],
    [
      'a Hudi table',
      [
        'lake/trips/.hoodie/hoodie.properties',
        'lake/trips/eu/1.parquet',
        'lake/trips/.hoodie/metadata/.hoodie/1.commit',
      ],
      ['lake/trips/'],
    ],
    [
      'an Iceberg table',
      ['lake/orders/metadata/v1.metadata.json', 'lake/orders/data/0.parquet'],
      ['lake/orders/'],
    ],
    [
      'TFDS, whose versions are one dataset',
      ['tfds/mnist/3.0.1/dataset_info.json', 'tfds/mnist/3.0.1/mnist-train.tfrecord-00000-of-00001'],
      ['tfds/mnist/'],
    ],
    [
      'COCO',
      ['coco/annotations/instances_train2017.json', 'coco/train2017/0001.jpg', 'coco/val2017/0002.jpg'],
      ['coco/'],
    ],
    [
      'YOLO',
      [
        'yolo/images/train/1.jpg',
        'yolo/labels/train/1.txt',
        'yolo/images/val/2.jpg',
        'yolo/labels/val/2.txt',
      ],
      ['yolo/'],
    ],
    [
      'an audiofolder with its list',
      ['speech/metadata.csv', 'speech/data/a.wav', 'speech/data/b.wav'],
      ['speech/'],
    ],
    ['map tiles', ['maps/base/12/2048/1361.png'], ['maps/base/']],
    [
      'numbered shard folders',
      ['corpus/00000/a.tar', 'corpus/00001/b.tar', 'web/shard-0001/c.parquet', 'web/part_2/d.parquet'],
      ['corpus/', 'web/'],
    ],
    ['WebDataset shards', ['wds/train-000000.tar', 'wds/train-000001.tar'], ['wds/']],
    ['a streaming sink', ['sink/_spark_metadata/0', 'sink/a/part-0.parquet'], ['sink/']],
    [
      'a checkpoint of a stream',
      ['jobs/ingest/offsets/0', 'jobs/ingest/commits/0', 'jobs/ingest/metadata', 'jobs/ingest/sources/0/0'],
      [],
    ],
    ['_temporary', ['out/_temporary/0/task_1/part-0.parquet'], []],
    [
      'a SavedModel',
      ['models/m/saved_model.pb', 'models/m/variables/variables.index', 'models/m/assets/vocab.csv'],
      [],
    ],
    ['an MLflow model', ['models/m/MLmodel', 'models/m/data/model.pkl', 'models/m/input_example.json'], []],
    ['a Keras model', ['models/m.keras', 'models/k/model.weights.h5', 'models/k/config.json'], []],
    ['a Transformers model', ['models/bert/model.safetensors', 'models/bert/vocab.txt'], []],
    [
      '.git and its kin',
      ['.git/config', 'a/.git/objects/ab/cd', '.dvc/config', 'a/.ipynb_checkpoints/x.csv'],
      [],
    ],
    ['README.md alone in the root', ['README.md'], []],
    [
      'documents and code',
      ['LICENSE', 'train.py', 'nb/eda.ipynb', 'docs/notes.md', '.gitignore', 'gold/README.txt'],
      [],
    ],
    ['data beside a README', ['gold/x/README.md', 'gold/x/a.csv'], ['gold/x/']],
    ['a file in the root', ['rows.csv'], ['']],
  ])('%s', (_, objects, paths) => {
    expect(pathsOf(objects)).toEqual(paths);
  });

  test.each([
    ['logs/20260101-000000/x.json', 'logs/'],
    ['logs/20260101_1200/x.json', 'logs/'],
    ['logs/20260101T000000Z/x.json', 'logs/'],
    ['logs/day_01/hour_00/x.json', 'logs/'],
    ['logs/hour_00/x.json', 'logs/'],
    ['logs/dt-2026-01-01/x.json', 'logs/'],
    ['raw/dt_20260101/x.json', 'raw/'],
    ['events/export-2026-01-01/x.json', 'events/'],
    ['events/clicks_20260101/x.json', 'events/'],
    ['gold/train_20260101/x.csv', 'gold/train_20260101/'],
    ['events/1767225600/x.json', 'events/'],
    ['events/1767225600000/x.json', 'events/'],
    ['logs/2026/01/02/x.json', 'logs/'],
    ['logs/2026/2026-01-02.json', 'logs/'],
    ['library/1984/book.txt', 'library/1984/'],
    ['library/1984/01.txt', 'library/1984/'],
    ['models/v2024/x.csv', 'models/v2024/'],
    ['images/1234/x.png', 'images/1234/'],
    ['ids/20241399/x.csv', 'ids/20241399/'],
  ])('%s lies in %s', (object, path) => {
    expect(pathsOf([object])).toEqual([path]);
  });

  test('a bare year is a date where all that lies beside it are years, and a title where not', () => {
    expect(pathsOf(['sales/2024/a.csv', 'sales/2025/a.csv'])).toEqual(['sales/']);
    expect(pathsOf(['library/1984/a.txt', 'library/ulysses/a.txt'])).toEqual([
      'library/1984/',
      'library/ulysses/',
    ]);
    expect(pathsOf(['sales/2025/a.csv'], { 'sales/': ['2024/', '2025/'] })).toEqual(['sales/']);
    expect(pathsOf(['library/1984/a.txt'], { 'library/': ['1984/', 'ulysses/'] })).toEqual(['library/1984/']);
  });
});

describe('one file of a dataset that is there already', () => {
  test.each<[string, string, Record<string, string[]>, string[]]>([
    [
      'a file of an Iceberg table',
      'lake/orders/data/1.parquet',
      { 'lake/orders/': ['data/', 'metadata/'], 'lake/orders/metadata/': ['v1.metadata.json'] },
      ['lake/orders/'],
    ],
    [
      'a file of a Delta table',
      'lake/t/region/eu/1.parquet',
      { 'lake/t/': ['_delta_log/', 'region/'] },
      ['lake/t/'],
    ],
    [
      'a split of a DatasetDict',
      'hf/imdb/train/dataset_info.json',
      { 'hf/imdb/': ['dataset_dict.json', 'test/', 'train/'] },
      ['hf/imdb/'],
    ],
    [
      'one picture of one class',
      'pets/cat/9.jpg',
      { 'pets/': ['cat/', 'dog/'], 'pets/dog/': ['1.jpg'] },
      ['pets/'],
    ],
    [
      'one picture beside folders of other things',
      'shop/cat/9.jpg',
      { 'shop/': ['cat/', 'orders/'], 'shop/orders/': ['1.csv'] },
      ['shop/cat/'],
    ],
    ['one split of two', 'churn/train/1.parquet', { 'churn/': ['test/', 'train/'] }, ['churn/']],
    [
      'vocabulary of a saved model',
      'models/m/assets/vocab.csv',
      { 'models/m/': ['assets/', 'saved_model.pb'] },
      [],
    ],
  ])('%s', (_, object, around, paths) => {
    expect(pathsOf([object], around)).toEqual(paths);
  });
});

test("layouts of one's own come before the usual ones", () => {
  const layouts = [
    { name: 'TileDB', markers: ['__schema/'] },
    { name: 'Scratch', folders: ['scratch-#'], dataset: false },
    { name: 'Eyes', beside: { one: ['left/'], other: ['right/'] } },
  ];
  const objects = [
    'a/__schema/1',
    'a/__fragments/1/x.tdb',
    'scratch-7/x.csv',
    'e/left/1.csv',
    'e/right/1.csv',
  ];
  const changes = objects.map((path): Change => ({ type: 'added', path, path_type: 'object' }));
  const { paths } = datasetPaths(changes, { repository: 'repo', rules: [], layouts });
  expect(paths.map(({ path, reason }) => [path, reason])).toEqual([
    ['a/', 'TileDB'],
    ['e/', 'Eyes'],
  ]);
});

test('25 Delta tables in one commit keep their 25 names, and so do 500', () => {
  for (const number of [25, 500]) {
    const tables = Array.from({ length: number }, (_, index) => `lake/silver/t${index}`);
    const objects = tables.flatMap((table) => [`${table}/_delta_log/0.json`, `${table}/0.parquet`]);
    expect(pathsOf(objects)).toEqual(tables.map((table) => `${table}/`).sort());
  }
});

test('more than 500 tables are joined, and so are more than 20 folders that nothing proves', () => {
  const tables = Array.from({ length: 501 }, (_, index) => `lake/t${index}/_delta_log/0.json`);
  const folders = Array.from({ length: 21 }, (_, index) => `notes/n${index}/x.csv`);
  expect(pathsOf([...tables, ...folders])).toEqual(['lake/', 'notes/']);
});
