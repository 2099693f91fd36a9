/**
 * JSON-RPC 2.0 in which requests, notifications and answers carry open file descriptors.
 * {@link dev.fdpass.jsonrpc.JsonRpcConnection} is where to begin; {@link dev.fdpass.jsonrpc.Methods} is what this end can do
 * for the other, and {@link dev.fdpass.jsonrpc.JsonRpcServer} serves whoever connects.
 */
@NullMarked
package dev.fdpass.jsonrpc;

import org.jspecify.annotations.NullMarked;
