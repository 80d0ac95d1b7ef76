# ftaudit in a container: the network is needed to build it, and never to run it.
#
#   docker build -t ftaudit .
#   docker run --rm --network none -v "$PWD:/work" ftaudit scan data/
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml README.md constraints.txt ./
COPY ftaudit ftaudit
COPY expectations expectations
RUN python -m venv /opt/ftaudit \
 && /opt/ftaudit/bin/pip install --no-cache-dir --constraint constraints.txt . \
 && find /opt/ftaudit -type d -name tests -path '*/site-packages/*' -prune -exec rm -rf {} +

FROM python:3.12-slim
COPY --from=build /opt/ftaudit /opt/ftaudit
ENV PATH=/opt/ftaudit/bin:$PATH PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
RUN useradd --create-home --uid 10001 auditor
USER auditor
WORKDIR /work
ENTRYPOINT ["ftaudit"]
CMD ["--help"]
