"""Names of people who do not exist, as they are common in Brazil."""

import random

_FIRST = """
Adriana Alessandra Aline Amanda Ana André Antônia Antônio Beatriz Bernardo Bianca Breno Bruna
Caio Camila Carlos Carolina Cauã Cecília Clara Cláudio Cristiane Daniel Daniela Débora Diego
Douglas Edson Eduardo Elaine Elias Emanuel Érica Evandro Fabiana Fábio Felipe Fernanda Flávia
Francisca Francisco Gabriel Gabriela Giovana Guilherme Gustavo Helena Henrique Heloísa Igor
Ingrid Isabela Isadora Ivan Jaqueline João Joana José Josefa Juliana Júlio Karina Kelly Larissa
Laura Leandro Letícia Lívia Lorena Luana Lucas Luciana Luís Luísa Manoel Marcela Marcos Maria
Mariana Marina Mateus Maurício Michele Miguel Milena Mônica Murilo Natália Nathan Nicolas Otávio
Patrícia Paula Paulo Pedro Priscila Rafael Rafaela Raíssa Raquel Regina Renan Renata Ricardo
Roberto Rodrigo Rosângela Sabrina Samuel Sandra Sérgio Silvana Simone Sofia Tainá Tatiane Thaís
Thiago Valéria Vanessa Vera Vicente Vinícius Vitória Wagner Yasmin
"""
_LAST = """
Almeida Alves Amaral Andrade Araújo Assis Azevedo Barbosa Barros Batista Bezerra Borges Braga
Brandão Brito Campos Cardoso Carneiro Carvalho Castro Cavalcanti Coelho Correia Costa Cruz Cunha
Dantas Dias Duarte Farias Fernandes Ferreira Figueiredo Fonseca Franco Freitas Gomes Gonçalves
Guimarães Leal Leite Lima Lopes Macedo Machado Magalhães Maia Marques Martins Matos Medeiros
Melo Mendes Menezes Miranda Monteiro Morais Moreira Moura Nascimento Neves Nogueira Nunes
Oliveira Paiva Pacheco Peixoto Pereira Pimentel Pinheiro Pinto Pires Prado Queiroz Ramos Rangel
Reis Ribeiro Rocha Rodrigues Sales Sampaio Santana Santiago Santos Silva Silveira Siqueira
Soares Sousa Tavares Teixeira Toledo Torres Vargas Vasconcelos Vaz Viana Vieira Xavier
"""
FIRST, LAST = _FIRST.split(), _LAST.split()


def person(chance: random.Random) -> str:
    """A name; a few come twice, as they do, and a few are long."""
    first, *last = chance.choice(FIRST), chance.choice(LAST), chance.choice(LAST)
    if chance.random() < 0.02:
        first = f"{first} {chance.choice(FIRST)} das Graças"
        last = [f"de {last[0]} Albuquerque", f"e {last[1]} Sant’Anna"]
    return " ".join((first, *last))
