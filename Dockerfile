# One image for every role: `serve` (the default), `serve --role receive`, `serve --role work`, `lineage`, …
# Every step runs on a plain machine too: test/e2e/docker-steps.test.ts reads this file and does so.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY hooks ./hooks
COPY workers ./workers
RUN npm run build
RUN npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production
# Beyond loopback the service wants a hook token, and says so when there is none.
ENV LAKEFS_MLFLOW_HOST=0.0.0.0
ENV LAKEFS_MLFLOW_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY actions ./actions
COPY LICENSE ./
# A new named volume takes its owner from the image.
RUN mkdir -p /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8321
# Liveness only: readiness also asks lakeFS, MLflow and the queue, and a restart of ours cures none of these.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.LAKEFS_MLFLOW_PORT || 8321}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1 and handles SIGTERM itself; no shell stands in between.
ENTRYPOINT ["node", "/app/dist/src/cli/main.js"]
CMD ["serve"]
