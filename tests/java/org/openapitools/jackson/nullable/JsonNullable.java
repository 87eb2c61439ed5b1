package org.openapitools.jackson.nullable;

/** The shape of a library that the generated client wants: a value that may be absent, or null. */
public class JsonNullable<T> {
    public static <T> JsonNullable<T> undefined() {
        return new JsonNullable<>();
    }

    public static <T> JsonNullable<T> of(T value) {
        return new JsonNullable<>();
    }

    public T get() {
        return null;
    }

    public T orElse(T other) {
        return other;
    }

    public boolean isPresent() {
        return false;
    }
}
