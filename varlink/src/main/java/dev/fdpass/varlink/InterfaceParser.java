package dev.fdpass.varlink;

import dev.fdpass.varlink.InterfaceDescription.ErrorType;
import dev.fdpass.varlink.InterfaceTokens.Kind;
import dev.fdpass.varlink.InterfaceTokens.Token;
import dev.fdpass.varlink.VarlinkType.Field;
import dev.fdpass.varlink.VarlinkType.Simple;
import dev.fdpass.varlink.VarlinkType.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the interface description language of Varlink: varlink.org/Interface-Definition. */
final class InterfaceParser {
    /** What nests deeper was written to do harm. */
    static final int DEEPEST = 64;

    private static final Map<String, Simple> SIMPLE = new HashMap<>();

    static {
        for (Simple simple : Simple.values()) {
            SIMPLE.put(simple.toString(), simple);
        }
    }

    private final InterfaceTokens tokens;
    private final List<InterfaceDescription.Type> types = new ArrayList<>();
    private final List<InterfaceDescription.Method> methods = new ArrayList<>();
    private final List<ErrorType> errors = new ArrayList<>();
    private final Map<String, Token> names = new HashMap<>();
    /** Types that are spoken of, each where that is done first. */
    private final Map<String, Token> mentioned = new HashMap<>();

    InterfaceParser(String text) {
        tokens = new InterfaceTokens(text);
    }

    InterfaceDescription parse() {
        Token first = tokens.next();
        if (!first.isWord("interface")) {
            throw tokens.expected("\"interface\" and its name", first);
        }
        String documentation = first.comment();
        Token name = tokens.nextInterfaceName();
        for (Token token = tokens.next(); token.kind() != Kind.END; token = tokens.next()) {
            switch (token.text()) {
                case "type" -> type(token);
                case "method" -> method(token);
                case "error" -> error(token);
                default -> throw tokens.expected("\"type\", \"method\", \"error\" or the end", token);
            }
        }
        Set<String> described =
                types.stream().map(InterfaceDescription.Type::name).collect(Collectors.toSet());
        for (Map.Entry<String, Token> entry : mentioned.entrySet()) {
            if (!described.contains(entry.getKey())) {
                throw tokens.wrong(
                        "the type " + entry.getKey() + " is not described in this interface", entry.getValue());
            }
        }
        return new InterfaceDescription(name.text(), documentation, types, methods, errors);
    }

    private void type(Token keyword) {
        String name = memberName("type");
        Token token = tokens.next();
        if (!token.is("(")) {
            throw tokens.expected("\"(\" and the members or values of the type " + name, token);
        }
        types.add(new InterfaceDescription.Type(name, structOrEnumeration(0), keyword.comment()));
    }

    private void method(Token keyword) {
        String name = memberName("method");
        Struct input = struct("the parameters of the method " + name);
        Token arrow = tokens.next();
        if (!arrow.is("->")) {
            throw tokens.expected("\"->\"", arrow);
        }
        methods.add(new InterfaceDescription.Method(
                name, input, struct("what the method " + name + " replies"), keyword.comment()));
    }

    private void error(Token keyword) {
        String name = memberName("error");
        // systemd writes errors without parameters, too.
        Struct parameters = tokens.peek().is("(") ? struct("the parameters of the error " + name) : Struct.EMPTY;
        errors.add(new ErrorType(name, parameters, keyword.comment()));
    }

    private String memberName(String what) {
        Token token = tokens.next();
        if (token.kind() != Kind.WORD || !Names.isMember(token.text())) {
            throw tokens.expected(
                    "the name of the " + what + ", which begins with a capital and has letters and digits", token);
        }
        Token before = names.putIfAbsent(token.text(), token);
        if (before != null) {
            throw tokens.wrong("the name " + token.text() + " is taken, by line " + tokens.line(before), token);
        }
        return token.text();
    }

    private Struct struct(String what) {
        Token open = tokens.next();
        if (!open.is("(")) {
            throw tokens.expected("\"(\" and " + what, open);
        }
        VarlinkType type = structOrEnumeration(0);
        if (type instanceof Struct struct) {
            return struct;
        }
        throw tokens.wrong("a list of values, where each member of " + what + " has a name and a type", open);
    }

    /** Behind the opening parenthesis. */
    private VarlinkType structOrEnumeration(int depth) {
        if (tokens.peek().is(")")) {
            Token unused = tokens.next();
            return Struct.EMPTY;
        }
        List<Field> fields = new ArrayList<>();
        List<String> values = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        while (true) {
            Token name = tokens.next();
            if (name.kind() != Kind.WORD || !Names.isField(name.text())) {
                throw tokens.expected(
                        (seen.isEmpty() ? "\")\" or " : "")
                                + "a name of letters, digits and single underscores, which begins with a letter",
                        name);
            }
            if (!seen.add(name.text())) {
                throw tokens.wrong("the name " + name.text() + " is there twice", name);
            }
            Token next = tokens.next();
            if (next.is(":") && values.isEmpty()) {
                fields.add(new Field(name.text(), type(depth + 1, null)));
                next = tokens.next();
            } else if (fields.isEmpty()) {
                values.add(name.text());
            } else {
                throw tokens.expected("\":\" and a type", next);
            }
            if (next.is(")")) {
                return values.isEmpty() ? new Struct(fields) : new VarlinkType.Enumeration(values);
            }
            if (!next.is(",")) {
                throw tokens.expected(values.size() == 1 ? "\":\" and a type, \",\" or \")\"" : "\",\" or \")\"", next);
            }
        }
    }

    private VarlinkType type(int depth, @Nullable Token optional) {
        Token token = tokens.next();
        if (depth > DEEPEST) {
            throw tokens.wrong("types nest deeper than " + DEEPEST, token);
        }
        if (token.is("?")) {
            if (optional != null) {
                throw tokens.expected("a type that is not optional itself", token);
            }
            return new VarlinkType.Optional(type(depth + 1, token));
        }
        if (token.is("[")) {
            Token inner = tokens.next();
            if (inner.is("]")) {
                return new VarlinkType.Array(type(depth + 1, null));
            }
            if (!inner.isWord("string")) {
                throw tokens.expected("\"]\" or \"string\"", inner);
            }
            Token close = tokens.next();
            if (!close.is("]")) {
                throw tokens.expected("\"]\"", close);
            }
            return new VarlinkType.Dictionary(type(depth + 1, null));
        }
        if (token.is("(")) {
            return structOrEnumeration(depth + 1);
        }
        Simple simple = SIMPLE.get(token.text());
        if (simple != null) {
            return simple;
        }
        if (token.kind() == Kind.WORD && Names.isMember(token.text())) {
            Token unused = mentioned.putIfAbsent(token.text(), token);
            return new VarlinkType.Named(token.text());
        }
        throw tokens.expected(
                "a type: bool, int, float, string, object, any, ?, [], [string], (, or the name of one", token);
    }
}
