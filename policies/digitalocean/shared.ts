export const DOCS = "https://docs.digitalocean.com/products";
