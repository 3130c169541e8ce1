import type { Router } from 'express';
import type { World } from '../world.js';
import { sendJson } from './answer.js';
import { handle } from './handle.js';

export function addSystemRoutes(router: Router, world: World): void {
  router.get(
    '/config',
    handle(({ res }) => sendJson(res, 200, config)),
  );
  router.get(
    '/user',
    handle(({ res }) =>
      sendJson(res, 200, {
        user: {
          id: world.user,
          creation_date: Math.floor(world.startedMs / 1000),
          email: '',
          friendly_name: '',
        },
      }),
    ),
  );
}

const config = {
  capabilities_config: {},
  storage_config: {
    blockstore_description: '',
    blockstore_id: '',
    blockstore_namespace_ValidityRegex: '^local://',
    blockstore_namespace_example: 'local://example-bucket/',
    blockstore_type: 'local',
    default_namespace_prefix: 'local://',
    import_support: true,
    import_validity_regex: '^local://',
    pre_sign_multipart_upload: false,
    pre_sign_support: false,
    pre_sign_support_ui: false,
  },
  storage_config_list: [],
  ui_config: {},
  version_config: { version: 'dev', version_context: 'lakeFS' },
};
