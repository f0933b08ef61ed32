# `docker run --rm --volume "$PWD:/work:ro" IMAGE check deploy/`
FROM node:24-bookworm-slim

ENV NODE_ENV=production
WORKDIR /opt/runstack
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force
COPY . .
# Builds the command, which the user below could not write.
RUN node cli/runstack.cjs check --list > /dev/null

USER node
WORKDIR /work
ENTRYPOINT ["node", "/opt/runstack/cli/runstack.cjs"]
