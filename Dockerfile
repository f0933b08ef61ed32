# `docker run --rm --volume "$PWD:/work:ro" IMAGE check deploy/`. Without kubectl and helm, kustomizations and charts are
# named and not rendered: render them before, and check the result on standard input.
FROM node:24-bookworm-slim

ENV NODE_ENV=production
WORKDIR /opt/runstack
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force
COPY . .
# Builds the command, which the user below could not write.
RUN node cli/runstack.cjs check --list > /dev/null

# The user node, as a number: what must not run as root asks for one.
USER 1000
WORKDIR /work
ENTRYPOINT ["node", "/opt/runstack/cli/runstack.cjs"]
