/**
 * The client of cesura, which splits Italian news articles into blocks, units and sentences that are ready for
 * translation. {@link io.cesura.client.CesuraClient} is a connection; messages are in {@code io.cesura.v1}.
 */
package io.cesura.client;
