/**
 * How datasets are laid out in folders, as data: docs/datasets.md is checked against this table, and CONFIG adds rows to
 * it. In a pattern `*` stands for any characters of one name and `#` for one or more digits; a name that ends in a
 * slash is a folder.
 */
export interface Layout {
  readonly name: string;
  /** What one finds in it, for the docs. */
  readonly description?: string;
  /** Objects or folders that only its root has, from the root on: `_delta_log/`, `metadata/*.metadata.json`. */
  readonly markers?: readonly string[];
  /** Names of the root folder itself: `*.zarr`. */
  readonly folders?: readonly string[];
  /** A folder of the first list beside one of the second, in any case: the dataset is the folder above them. */
  readonly beside?: {
    readonly one: readonly string[];
    readonly other: readonly string[];
    /** One of them is enough where folders with pictures or sounds are in it. */
    readonly aloneWithMedia?: true;
  };
  /** False for what is no dataset, and of which no candidate is made. */
  readonly dataset?: boolean;
}

/** CONFIG's rows come first, then these. */
export const usualLayouts: readonly Layout[] = [
  {
    name: 'Delta table',
    description: 'The folder above `_delta_log/`.',
    markers: ['_delta_log/'],
  },
  {
    name: 'Iceberg table',
    description: 'The folder above the metadata files; `data/` and `metadata/` belong to it.',
    markers: ['metadata/*.metadata.json', 'metadata/version-hint.text', 'metadata/snap-*.avro'],
  },
  {
    name: 'Hudi table',
    description: 'The folder above `.hoodie/`.',
    markers: ['.hoodie/'],
  },
  {
    name: 'Lance dataset',
    description: 'The folder with the versions and their transactions.',
    markers: ['_versions/*.manifest', '_transactions/*.txn'],
    folders: ['*.lance'],
  },
  {
    name: 'Zarr or N5 store',
    description: 'The outermost group or array: chunks, arrays and groups belong to it.',
    markers: ['zarr.json', '.zgroup', '.zarray', '.zattrs', '.zmetadata'],
    folders: ['*.zarr', '*.n5'],
  },
  {
    name: 'Spark streaming sink',
    description: 'The folder above `_spark_metadata/`.',
    markers: ['_spark_metadata/'],
  },
  {
    name: 'TFDS dataset',
    description: 'The folder above the version (`mnist/3.0.1/`): all versions are one dataset.',
    markers: ['#.#.#/dataset_info.json', '#.#.#/features.json'],
  },
  {
    name: 'Hugging Face dataset',
    description: '`save_to_disk` of a `Dataset` or a `DatasetDict`: its splits are one dataset.',
    markers: ['dataset_dict.json', 'dataset_info.json'],
  },
  {
    name: 'LeRobot dataset',
    description: 'The folder above `meta/info.json`.',
    markers: ['meta/info.json'],
  },
  {
    name: 'COCO dataset',
    description: 'The folder above `annotations/`.',
    markers: [
      'annotations/instances_*.json',
      'annotations/captions_*.json',
      'annotations/person_keypoints_*.json',
    ],
  },
  {
    name: 'Map tiles',
    description: 'The folder above zoom level, column and row: `12/2048/1361.png`.',
    markers: ['#/#/#.png', '#/#/#.jpg', '#/#/#.webp', '#/#/#.pbf', '#/#/#.mvt'],
  },
  {
    name: 'MLflow model',
    description: 'A saved model is not a dataset.',
    markers: ['MLmodel'],
    dataset: false,
  },
  {
    name: 'TensorFlow or Keras model',
    description: 'A saved model is not a dataset, nor is a `.keras` archive that was unpacked.',
    markers: ['saved_model.pb', 'saved_model.pbtxt', 'keras_metadata.pb', 'model.weights.h5'],
    folders: ['*.keras'],
    dataset: false,
  },
  {
    name: 'Transformers or PyTorch model',
    description: 'Weights are not a dataset.',
    markers: [
      'model.safetensors',
      'model.safetensors.index.json',
      'adapter_model.safetensors',
      'pytorch_model.bin',
      'pytorch_model.bin.index.json',
    ],
    dataset: false,
  },
  {
    name: 'Checkpoint of a stream',
    description: 'Offsets and commits of Spark Structured Streaming are not a dataset.',
    beside: { one: ['offsets/'], other: ['commits/', 'sources/', 'state/'] },
    dataset: false,
  },
  {
    name: 'Splits',
    description:
      'The folder above `train/` and `test/` (or `val/` and the like); also above one split alone, where classes are in it.',
    beside: {
      one: ['train/', 'training/', 'train#/'],
      other: [
        ...['test/', 'testing/', 'test#/', 'val/', 'valid/', 'validation/', 'val#/', 'dev/', 'eval/'],
        ...['evaluation/', 'holdout/', 'unlabeled/'],
      ],
      aloneWithMedia: true,
    },
  },
  {
    name: 'Pictures and labels',
    description: 'YOLO, COCO, Pascal VOC and masks: the folder above both.',
    beside: {
      one: ['images/', 'imgs/', 'jpegimages/'],
      other: ['labels/', 'masks/', 'annotations/', 'imagesets/', 'segmentationclass/'],
    },
  },
  {
    name: 'Sounds and texts',
    description: 'Recordings beside their transcripts: the folder above both.',
    beside: {
      one: ['audio/', 'wavs/', 'wav/', 'clips/'],
      other: ['txt/', 'text/', 'texts/', 'transcripts/', 'labels/'],
    },
  },
];

/** Class folders are at least two beside each other that hold files with one of these endings. */
export const media: readonly string[] = [
  ...['jpg', 'jpeg', 'png', 'gif', 'bmp', 'tif', 'tiff', 'webp', 'dcm'],
  ...['wav', 'flac', 'mp3', 'ogg', 'opus', 'm4a', 'aiff', 'mp4', 'avi', 'mkv', 'webm', 'mov'],
];

/** Lists of what is in folders of pictures or sounds, as Hugging Face's imagefolder and audiofolder read them. */
export const mediaLists: readonly string[] = [
  'metadata.csv',
  'metadata.jsonl',
  'metadata.parquet',
  'metadata.tsv',
];

/** Folders on which datasets are put: none is a dataset because of what lies in it side by side. */
export const shelves: readonly string[] = [
  ...['bronze', 'silver', 'gold', 'platinum', 'raw', 'landing', 'staging', 'curated', 'interim', 'processed'],
  ...['external', 'lake', 'lakehouse', 'warehouse', 'datasets', 'tables', 'features', 'clean', 'cleaned'],
];

/** By names alone, whatever lies beside it. Case does not matter. */
export const noData: { readonly folders: readonly string[]; readonly files: readonly string[] } = {
  folders: [
    ...['.*', '_temporary', '_tmp', '_checkpoint', '_checkpoints', '__pycache__', '__macosx'],
    ...['node_modules', '_lakefs_actions'],
  ],
  files: [
    ...['.*', 'readme', 'readme.*', 'license', 'license.*', 'license-*', 'licence', 'licence.*', 'notice'],
    ...[
      'notice.*',
      'changelog',
      'changelog.*',
      'citation',
      'citation.*',
      'makefile',
      'dockerfile',
      'dvc.yaml',
    ],
    ...[
      'dvc.lock',
      '*.dvc',
      'requirements*.txt',
      'pyproject.toml',
      '*.md',
      '*.py',
      '*.ipynb',
      '*.sh',
      '*.keras',
    ],
    'thumbs.db',
  ],
};
