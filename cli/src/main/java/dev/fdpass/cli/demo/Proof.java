package dev.fdpass.cli.demo;

/**
 * A proof that holds.
 *
 * @param sent what was sent
 * @param arrived what arrived
 * @param text why both are the same open file
 */
record Proof(String sent, String arrived, String text) {}
